/** The contract of each store of slot records. */
import { describe, expect, it } from "vitest";
import type { SlotRecords } from "#ports/slot-records.ts";

type SlotRecordsSubject = AsyncDisposable & {
  readonly port: SlotRecords;
  /** Counts the versions of all objects with this key prefix, delete markers included. */
  readonly versions: (prefix: string) => Promise<number>;
};

const keys = [
  "governor/a/running/main/-/starts/2026-11-21T08:00:00.000Z",
  "governor/a/waiting/x",
  "governor/b/leaving/y",
];

export function slotRecordsContract(name: string, open: () => Promise<SlotRecordsSubject>): void {
  const listed = async (port: SlotRecords, prefix: string): Promise<readonly string[]> =>
    (await port.list(prefix)).map(({ key }) => key);

  describe(`slot records in ${name}`, () => {
    it("lists slot records by their keys, and reads their content", async () => {
      await using subject = await open();
      expect(await subject.port.list("governor/")).toEqual([]);
      for (const key of keys) await subject.port.put(key, Buffer.from(`of ${key}`));
      expect(await listed(subject.port, "governor/")).toEqual(keys);
      expect(await listed(subject.port, "governor/a/")).toEqual(keys.slice(0, 2));
      const bytes = await subject.port.get(keys[0] ?? "");
      expect(Buffer.from(bytes ?? []).toString()).toBe(`of ${keys[0]}`);
      expect(await subject.port.get("governor/none")).toBeUndefined();
    });

    it("leaves no version of a removed record, however often it was put or removed", async () => {
      await using subject = await open();
      const [key = ""] = keys;
      const first = await subject.port.put(key, Buffer.from("1"));
      await subject.port.put(key, Buffer.from("2"));
      const all = await subject.port.list("governor/");
      expect(all).toHaveLength(1);
      await subject.port.remove(all);
      await subject.port.remove([first]);
      await subject.port.remove([]);
      expect(await subject.port.list("governor/")).toEqual([]);
      expect(await subject.port.get(key)).toBeUndefined();
      expect(await subject.versions("governor/")).toBe(0);
    });
  });
}
