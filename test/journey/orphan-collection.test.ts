/**
 * Tests the orphan collection: it finds the orphans of removed lines by lists, removes them only when asked,
 * and never touches a living line.
 */
import { describe, expect, it } from "vitest";
import { reserveNames } from "#journey/line-record.ts";
import { collectOrphans } from "#journey/orphan-collection.ts";
import type { Leftovers } from "#ports/leftovers.ts";
import { orphansOf } from "#release/line/orphans.ts";
import { slotRecordKey } from "#release/line/slot-records.ts";
import { formatKey, type Line, resultKeys } from "#release/names/key.ts";
import { cacheKeys, formerPipelineName, lineCode, lineName, pipelineName } from "#release/names/names.ts";
import { stackName } from "#release/names/stack-names.ts";
import { topicTemplate, zipOf } from "#test/support/artifact.ts";
import { fakeAnchor } from "#test/support/fakes/anchor.ts";

const live: Line = { account: "111111111111", app: "shop", branch: "main" };
const gone: Line = { ...live, branch: "gone" };
const topic = await zipOf({ "template.yaml": topicTemplate("Topic") });
const dev = { account: "222222222222", region: "us-east-1" };

/** An anchor with a living line, and an orphan of every kind. */
async function littered() {
  const anchor = fakeAnchor();
  anchor.upload(live, topic);
  await anchor.settle();
  const stray = stackName("dev", gone);
  anchor.applications.set(dev, stray, { status: "CREATE_COMPLETE" });
  const removed: string[] = [];
  const live_ = [...anchor.pipelines.pipelines.keys()];
  const leftovers: Leftovers = {
    pipelineStacks: async () => [...live_, pipelineName(gone)],
    pipelines: async () => [...live_, pipelineName(gone), "kedge-line-stackless-abcdefghijkl"],
    appStacks: async ({ account }) =>
      [...anchor.applications.stacks.keys()]
        .filter((at) => at.startsWith(`${account}/`))
        .map((at) => at.slice(account.length + 1)),
    // CodePipeline shortens long names. The last folder may belong to living lines, to removed lines, or to
    // both.
    cacheFolders: async () => [
      ...live_,
      "kedge-line-left-abcdefghijkl",
      formerPipelineName(live).slice(0, 20),
    ],
    results: async function* () {
      for (const key of anchor.results.objects.keys()) if (key.endsWith("/latest.json")) yield key;
      yield resultKeys(formatKey(gone), "").latest ?? "";
      yield "results/111111111111/by-hash/0/latest.json";
    },
    removePipeline: async (name) => void removed.push(`pipeline ${name}`),
    removeResults: async (folder) => void removed.push(`results ${folder}`),
  };
  await anchor.slotRecords.put(
    slotRecordKey({ name: lineName(gone), state: "running", class: "main", creates: true, since: "s" }),
    new Uint8Array(),
  );
  await anchor.cache.put(cacheKeys.line("nobody-x-abcdefghijkl"), new Uint8Array(1));
  const deps = {
    ...anchor.deps,
    account: live.account,
    leftovers,
    stacks: { ...anchor.deps.stacks, remove: async (name: string) => void removed.push(`stack ${name}`) },
    applications: {
      ...anchor.deps.applications,
      remove: async (_: unknown, name: string) => void removed.push(`application ${name}`),
    },
  };
  return { anchor, deps, removed };
}

const expected = [
  `application-stack ${stackName("dev", gone)}`,
  `pipeline-stack ${pipelineName(gone)}`,
  "pipeline kedge-line-stackless-abcdefghijkl",
  "artifacts kedge-line-left-abcdefghijkl",
  `marks ${lineName(gone)}`,
  "memory nobody-x-abcdefghijkl",
  "results results/111111111111/shop/gone/latest.json",
];

describe("the orphan collection", () => {
  it("finds what belongs to no line, and removes nothing unless it is asked to", async () => {
    const { deps, removed, anchor } = await littered();
    const before = anchor.cache.objects.size + anchor.slotRecords.objects.size;
    const collected = await collectOrphans(deps, { fix: false, id: "i" });
    expect(collected.map(({ kind, name }) => `${kind} ${name}`)).toEqual(expected);
    expect(collected.filter((orphan) => orphan.removed)).toEqual([]);
    expect(removed).toEqual([]);
    expect(anchor.cache.objects.size + anchor.slotRecords.objects.size).toBe(before);
  });

  it("removes orphans when it is asked to, and nothing of a living line", async () => {
    const { deps, removed, anchor } = await littered();
    const collected = await collectOrphans(deps, { fix: true, id: "i" });
    expect(collected.every((orphan) => orphan.removed)).toBe(true);
    expect(removed).toEqual([
      `application ${stackName("dev", gone)}`,
      `stack ${pipelineName(gone)}`,
      "pipeline kedge-line-stackless-abcdefghijkl",
      "results results/111111111111/shop/gone/",
    ]);
    expect(anchor.slotRecords.objects.size).toBe(0);
    expect(await anchor.cache.lineNames()).toEqual([lineName(live)]);
    const again = await collectOrphans(deps, { fix: false, id: "i" });
    expect(again.map(({ kind }) => kind)).not.toContain("memory");
  });

  it("keeps what belongs to a line that came back between the listing and the removal", async () => {
    const { deps, removed, anchor } = await littered();
    const { uploads } = anchor.artifacts;
    const artifacts = {
      uploads: async function* (account: string) {
        yield* uploads(account);
        await anchor.cache.put(cacheKeys.line(lineName(gone)), Buffer.from(JSON.stringify(gone)));
        await reserveNames(anchor.cache, gone, "short");
      },
    };
    const collected = await collectOrphans({ ...deps, artifacts }, { fix: true, id: "i" });
    expect(collected.find(({ kind }) => kind === "application-stack")?.removed).toBe(false);
    expect(removed.filter((what) => what.includes(lineCode(gone)))).toEqual([]);
  });

  it("finds nothing for an anchor that the estate does not know", async () => {
    const { deps } = await littered();
    expect(await collectOrphans({ ...deps, account: "999999999999" }, { fix: true, id: "i" })).toEqual([]);
  });
});

describe("a line", () => {
  const nothing = {
    ...{ appStacks: [], pipelineStacks: [], pipelines: [], artifactFolders: [] },
    ...{ withSlotRecord: [], results: [], remembered: [], uploads: [] },
  };
  const name = lineName(live);
  const stack = pipelineName(live);

  it("is reported but not removable when its upload was deleted", () => {
    const found = orphansOf({ ...nothing, remembered: [name], pipelineStacks: [stack], pipelines: [stack] });
    expect(found).toMatchObject([{ kind: "line", name, removable: false }]);
  });

  it.each([
    ["that was just uploaded", { uploads: [{ name, alive: true }] }],
    ["that is being torn down", { remembered: [name], uploads: [{ name, alive: false }] }],
  ])("a line %s owns its stacks", (_, known) => {
    const owned = {
      pipelineStacks: [stack],
      pipelines: [stack],
      artifactFolders: [stack],
      withSlotRecord: [name],
    };
    const appStacks = [{ environment: "dev", name: stackName("dev", live) }];
    expect(orphansOf({ ...nothing, ...owned, appStacks, ...known })).toEqual([]);
  });

  it("owns its stack also when one environment's name begins another's in the same account", () => {
    const appStacks = ["prod", "prod-eu"].map((environment) => ({
      environment,
      name: stackName("prod-eu", live),
    }));
    expect(orphansOf({ ...nothing, appStacks, uploads: [{ name, alive: true }] })).toEqual([]);
    expect(orphansOf({ ...nothing, appStacks })).toMatchObject([
      { kind: "application-stack", environment: "prod-eu", of: lineCode(live) },
    ]);
  });

  it("is not derived from a shortened name or from a name that Kedge did not make", () => {
    const cut = formerPipelineName(live).slice(0, 20);
    const others = { pipelines: [cut], pipelineStacks: [cut], artifactFolders: [cut] };
    const appStacks = [{ environment: "dev", name: "kedge-app-dev-by-hand" }];
    expect(orphansOf({ ...nothing, ...others, appStacks })).toEqual([]);
  });

  it("owns nothing but its results when it is torn down", () => {
    const results = [{ key: "results/x/latest.json", name }];
    const found = orphansOf({
      ...nothing,
      results,
      pipelineStacks: [stack],
      uploads: [{ name, alive: false }],
    });
    expect(found.map(({ kind }) => kind)).toEqual(["pipeline-stack"]);
  });
});
