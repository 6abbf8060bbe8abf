/** Tests the lock of a gated environment: one owner at a time, and no dead owner blocks a release. */
import { describe, expect, it } from "vitest";
import { releaseLock, requireLock, takeLock } from "#journey/environment-lock.ts";
import { lockKey, parseLock } from "#release/line/environment-lock.ts";
import { changeSetName, lineName } from "#release/names/names.ts";
import { errorOf } from "#test/release/samples.ts";
import { memoryApplications } from "#test/support/fakes/applications.ts";
import { memoryChangeSets } from "#test/support/fakes/change-sets.ts";
import { memoryLocks } from "#test/support/fakes/storage.ts";
import { dev, line } from "./pipeline-fixture.ts";

const stack = "kedge-app-dev-shop";
const key = lockKey(lineName(line), dev.environment);
const by = (execution: string) => ({ ...dev, execution });

function fixture(...running: readonly string[]) {
  const locks = memoryLocks();
  const asked: string[] = [];
  const deps = {
    locks,
    owners: {
      hasEnded: async (_: string, execution: string) => {
        asked.push(execution);
        return !running.includes(execution);
      },
    },
    changeSets: memoryChangeSets(memoryApplications()),
    clock: () => "2026-01-02T03:04:05.000Z",
  };
  const take = (execution: string) =>
    takeLock(deps, by(execution), { line, stacks: [stack], past: async () => [] });
  const owner = () => parseLock(locks.objects.get(key)?.content ?? "").execution;
  return { deps, asked, take, owner };
}

describe("the lock of an environment", () => {
  it("belongs to the first execution until that execution has ended", async () => {
    const { take, owner } = fixture("one");
    expect(await take("one")).toBeDefined();
    expect(await take("two")).toBeUndefined();
    expect(await take("one")).toBeDefined();
    expect(owner()).toBe("one");
  });

  it("is taken over from an execution that was refused, stopped or superseded, with its change sets removed", async () => {
    const { deps, take, owner } = fixture();
    await take("one");
    const request = {
      stack,
      template: { body: "{}" },
      exists: false,
      nested: false,
      parameters: {},
      tags: {},
      capabilities: [],
    };
    await deps.changeSets.create(dev, { ...request, name: changeSetName("one") });
    await deps.changeSets.create(dev, { ...request, name: "of a person" });
    expect(await take("two")).toBeDefined();
    expect(owner()).toBe("two");
    expect([...deps.changeSets.sets.values()].map(({ name }) => name)).toEqual(["of a person"]);
  });

  it("is free after its release, although the owner still runs in later stages", async () => {
    const { deps, asked, take, owner } = fixture("one");
    await take("one");
    await releaseLock(deps, await requireLock(deps, by("one"), line), { version: "v1" });
    expect(await take("two")).toBeDefined();
    expect(owner()).toBe("two");
    expect(asked).toEqual([]);
  });

  it("goes to one of two executions that take it at the same time", async () => {
    const { take, owner } = fixture("one", "two");
    const taken = await Promise.all([take("one"), take("two")]);
    expect(taken.filter((each) => each)).toHaveLength(1);
    expect(owner()).toBe(taken[0] ? "one" : "two");
  });

  it("is taken again by its owner when the stage is run again", async () => {
    const { deps, take } = fixture("one");
    await take("one");
    await releaseLock(deps, await requireLock(deps, by("one"), line), { version: "v1" });
    expect(await take("one")).toBeDefined();
    expect((await requireLock(deps, by("one"), line)).lock.released).toBeUndefined();
  });

  it.each<[string, (deps: ReturnType<typeof fixture>) => unknown]>([
    ["has another owner", ({ take }) => take("two")],
    ["is gone", ({ deps }) => deps.locks.objects.clear()],
  ])("stops an execution whose lock %s", async (_, arrange) => {
    const made = fixture();
    await made.take("one");
    await arrange(made);
    expect((await errorOf(() => requireLock(made.deps, by("one"), line)))?.code).toBe("EnvironmentTaken");
  });

  it("stays with an execution that took it over while the former owner ended its work", async () => {
    const { deps, take, owner } = fixture();
    await take("one");
    const held = await requireLock(deps, by("one"), line);
    await take("two");
    await releaseLock(deps, held, { version: "v1" });
    expect(owner()).toBe("two");
    expect((await requireLock(deps, by("two"), line)).lock.released).toBeUndefined();
  });
});
