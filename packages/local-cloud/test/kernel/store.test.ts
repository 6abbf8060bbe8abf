import { mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lockDirectory } from "#cloud/kernel/directory-lock.ts";
import { openJournalStore } from "#cloud/kernel/journal-store.ts";
import { createMemoryStore } from "#cloud/kernel/memory-store.ts";
import type { Store } from "#cloud/kernel/store.ts";

const directory = () => {
  const path = mkdtempSync(join(tmpdir(), "store-test-"));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
};

type Step =
  | { readonly do: "set"; readonly path: string; readonly key: string; readonly row: unknown }
  | { readonly do: "delete"; readonly path: string; readonly key: string }
  | { readonly do: "clear"; readonly path: string };

const path = fc.constantFrom("s3/1/r/a", "s3/2/r/a", "sqs/1/r/b");
const key = fc.constantFrom("", "a", "b", "größe/ä", "__proto__");
const row = fc.oneof(
  fc.jsonValue(),
  fc.date({ noInvalidDate: true }),
  fc.uint8Array().map((bytes) => Buffer.from(bytes)),
  fc.dictionary(fc.string(), fc.string()).map((record) => new Map(Object.entries(record))),
);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant("set" as const), path, key, row }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("delete" as const), path, key }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("clear" as const), path }) },
);

const run = (store: Store, taken: Step): void => {
  const table = store.table(taken.path);
  if (taken.do === "set") table.set(taken.key, taken.row);
  else if (taken.do === "delete") table.delete(taken.key);
  else table.clear();
};
const contents = (store: Store): Record<string, [string, unknown][]> =>
  Object.fromEntries(
    [...store.paths()].sort().map((tempDir) => [tempDir, [...store.table(tempDir).entries()].sort(byKey)]),
  );
const byKey = (left: [string, unknown], right: [string, unknown]): number => (left[0] < right[0] ? -1 : 1);

describe("a store in memory", () => {
  it("answers the same table for the same path, and lists only paths that hold rows", () => {
    const store = createMemoryStore();
    store.table<number>("a").set("x", 1);
    store.table("empty");
    expect(store.table<number>("a").get("x")).toBe(1);
    expect(store.paths()).toEqual(["a"]);
    store.reset();
    expect(store.table("a").size).toBe(0);
  });
});

describe("a store with a journal", () => {
  it("holds after reopening exactly what a store in memory holds, whenever it was compacted", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 60 }),
        fc.constantFrom(64, 1000, 1e9),
        async (steps, smallest) => {
          using tempDir = directory();
          const model = createMemoryStore();
          const journal = openJournalStore(tempDir.path, smallest);
          for (const taken of steps) {
            run(model, taken);
            run(journal, taken);
          }
          expect(contents(journal)).toEqual(contents(model));
          await journal.close();
          const again = openJournalStore(tempDir.path, smallest);
          expect(contents(again)).toEqual(contents(model));
          await again.close();
        },
      ),
      { numRuns: 60 },
    );
  });

  it("holds after a cut at any byte what was there after some step, and goes on from it", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), fc.nat(), async (steps, cut) => {
        using tempDir = directory();
        const file = join(tempDir.path, "journal");
        const journal = openJournalStore(tempDir.path);
        const model = createMemoryStore();
        const seen: { readonly size: number; readonly contents: unknown }[] = [{ size: 0, contents: {} }];
        for (const taken of steps) {
          run(journal, taken);
          run(model, taken);
          seen.push({ size: statSync(file).size, contents: contents(model) });
        }
        await journal.close();
        const length = cut % (statSync(file).size + 1);
        truncateSync(file, length);
        const again = openJournalStore(tempDir.path);
        // `clear` writes one record per row, so a cut inside it may leave some rows. All complete steps
        // must be there.
        const whole = seen.findLast((state) => state.size <= length);
        const between = seen.find((state) => state.size > length);
        if (between === undefined || steps[seen.indexOf(between) - 1]?.do !== "clear") {
          expect(contents(again)).toEqual(whole?.contents);
        }
        again.table("s3/1/r/a").set("after", { yes: true });
        await again.close();
        const last = openJournalStore(tempDir.path);
        expect(last.table("s3/1/r/a").get("after")).toEqual({ yes: true });
        await last.close();
      }),
      { numRuns: 150 },
    );
  });

  it("takes zeros that a power cut left behind for the end", async () => {
    using tempDir = directory();
    const journal = openJournalStore(tempDir.path);
    journal.table("t").set("k", 1);
    await journal.close();
    const file = join(tempDir.path, "journal");
    writeFileSync(file, Buffer.concat([readFileSync(file), Buffer.alloc(5000)]));
    const again = openJournalStore(tempDir.path);
    expect(again.table("t").get("k")).toBe(1);
    await again.close();
  });

  it("refuses a journal that is damaged before its end", async () => {
    using tempDir = directory();
    const journal = openJournalStore(tempDir.path);
    for (const name of ["a", "b", "c"]) journal.table("t").set(name, "value");
    await journal.close();
    const file = join(tempDir.path, "journal");
    const bytes = readFileSync(file);
    bytes[12] = (bytes[12] ?? 0) ^ 0xff;
    writeFileSync(file, bytes);
    expect(() => openJournalStore(tempDir.path)).toThrow(/damaged at byte 0/);
  });

  it("keeps its journal small however often a row changes", async () => {
    using tempDir = directory();
    const journal = openJournalStore(tempDir.path, 10_000);
    for (let count = 0; count < 5000; count += 1) journal.table("t").set("k", { count });
    expect(statSync(join(tempDir.path, "journal")).size).toBeLessThan(12_000);
    await journal.close();
    const again = openJournalStore(tempDir.path);
    expect(again.table("t").get("k")).toEqual({ count: 4999 });
    await again.close();
  });

  it("refuses a row it could not read back, and keeps the one before", async () => {
    using tempDir = directory();
    const journal = openJournalStore(tempDir.path);
    journal.table("t").set("k", 1);
    expect(() => journal.table("t").set("k", () => 2)).toThrow(/could not be cloned/);
    expect(journal.table("t").get("k")).toBe(1);
    await journal.close();
  });

  it("refuses a directory another living process holds, and takes it from a dead one", () => {
    using tempDir = directory();
    writeFileSync(join(tempDir.path, "lock"), String(process.ppid));
    expect(() => openJournalStore(tempDir.path)).toThrow(/in use by process/);
    writeFileSync(join(tempDir.path, "lock"), "4194999");
    lockDirectory(tempDir.path)();
  });
});
