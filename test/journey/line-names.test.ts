/**
 * Tests the names of a line over in-memory ports: a line of an earlier version moves to its new pipeline, its stacks
 * keep their names, and names of another line are refused.
 */
import { describe, expect, it } from "vitest";
import { recordOf, reserveNames } from "#journey/line-record.ts";
import type { Estate } from "#release/estate/estate.ts";
import type { Line } from "#release/names/key.ts";
import {
  artifactFolder,
  cacheKeys,
  formerPipelineName,
  lineCode,
  pipelineName,
} from "#release/names/names.ts";
import { longStackName, stackName } from "#release/names/stack-names.ts";
import { tags } from "#release/names/tags.ts";
import type { ReleaseTemplate } from "#release/template/template.ts";
import { topicTemplate, zipOf } from "#test/support/artifact.ts";
import { type FakeAnchor, fakeAnchor, fakeEstate } from "#test/support/fakes/anchor.ts";
import { builtInRegistry } from "#test/support/fakes/built-in-registry.ts";

const main: Line = { account: "111111111111", app: "shop", branch: "main" };
const other: Line = { ...main, app: "bookings" };
const topic = (name = "Topic") => zipOf({ "template.yaml": topicTemplate(name) });
const keepsApprovals: Estate = {
  ...fakeEstate,
  anchors: fakeEstate.anchors.map((anchor) => ({ ...anchor, supersedePendingApproval: false })),
};

/** As a release template before 1.1.0: it reads no name from a target. */
const asBefore = (template: ReleaseTemplate): ReleaseTemplate => ({
  ...template,
  plan: (request) => {
    const targets = request.targets.map(({ stack: _, ...target }) => target);
    const plan = template.plan({ ...request, targets });
    return { ...plan, pipeline: formerPipelineName(request.line) };
  },
});

const useTemplates = (anchor: FakeAnchor, which: "before" | "now"): void => {
  const load: typeof builtInRegistry.load = async (ref) => {
    const { template } = await builtInRegistry.load(ref);
    return { template: which === "now" ? template : asBefore(template), ref };
  };
  Object.assign(anchor.deps, { registry: { ...builtInRegistry, load } });
};

/** The line's first version waits for its approval in the pipeline of an earlier version. */
async function waitingAsBefore(estate = fakeEstate) {
  const anchor = fakeAnchor(estate);
  useTemplates(anchor, "before");
  const first = anchor.upload(main, await topic());
  await anchor.settle();
  expect(anchor.latest(main)).toMatchObject({ status: "waiting-for-approval" });
  useTemplates(anchor, "now");
  return { anchor, first };
}

const pipelinesOf = (anchor: FakeAnchor) => [...anchor.pipelines.pipelines.keys()];
const stacksOf = (anchor: FakeAnchor) => [...anchor.applications.stacks.keys()];
const longNames = [
  `222222222222/${longStackName("dev", main)}`,
  `444444444444/${longStackName("prod", main)}`,
];

async function approve(anchor: FakeAnchor): Promise<void> {
  anchor.pipelines.approveAll();
  await anchor.settle();
}

describe("a line of an earlier version", () => {
  it("keeps its pipeline and its approval until its next release", async () => {
    const { anchor, first } = await waitingAsBefore();
    anchor.enqueue(main, "sweep");
    await anchor.settle();
    expect(pipelinesOf(anchor)).toEqual([formerPipelineName(main)]);
    await approve(anchor);
    expect(anchor.result(main, first)).toMatchObject({
      status: "released",
      pipeline: { name: formerPipelineName(main) },
    });
  });

  it("moves to its new pipeline with the next release, and keeps its stacks and results", async () => {
    const { anchor, first } = await waitingAsBefore();
    await approve(anchor);
    const before = anchor.result(main, first);
    const second = anchor.upload(main, await topic("Next"));
    await anchor.settle();
    await approve(anchor);
    expect(pipelinesOf(anchor)).toEqual([pipelineName(main)]);
    expect(stacksOf(anchor)).toEqual(longNames);
    expect(anchor.latest(main)).toMatchObject({
      ...{ version: second, status: "released" },
      pipeline: { name: pipelineName(main) },
    });
    expect(anchor.result(main, first)).toEqual(before);
    expect(await recordOf(anchor.cache, lineCode(main))).toEqual({ line: main, stacks: "long" });
  });

  it("stops a waiting execution that the next version supersedes, and then moves", async () => {
    const { anchor, first } = await waitingAsBefore();
    const second = anchor.upload(main, await topic("Next"));
    await anchor.settle();
    expect(anchor.result(main, first)).toMatchObject({ status: "superseded" });
    expect(anchor.latest(main)).toMatchObject({ version: second, status: "waiting-for-approval" });
    expect(pipelinesOf(anchor)).toEqual([pipelineName(main)]);
  });

  it("waits for the decision where the estate supersedes no approval", async () => {
    const { anchor, first } = await waitingAsBefore(keepsApprovals);
    const second = anchor.upload(main, await topic("Next"));
    await anchor.settle();
    expect(pipelinesOf(anchor)).toEqual([formerPipelineName(main)]);
    expect(anchor.latest(main)?.reason.sentence).toContain(pipelineName(main));
    await approve(anchor);
    expect(anchor.result(main, first)).toMatchObject({ status: "released" });
    expect(pipelinesOf(anchor)).toEqual([pipelineName(main)]);
    await approve(anchor);
    expect(anchor.latest(main)).toMatchObject({ version: second, status: "released" });
  });

  it("leaves nothing of its own behind after a teardown, and removes no artifact of another line", async () => {
    const { anchor } = await waitingAsBefore();
    await approve(anchor);
    const artifact = (line: Line) => `${artifactFolder(pipelineName(line))}/Packaged/AbCdEfG`;
    for (const line of [main, other]) await anchor.cache.put(artifact(line), new Uint8Array(1));
    anchor.upload(main, await topic("Next"));
    await anchor.settle();
    await approve(anchor);
    anchor.upload(main, new Uint8Array(0));
    await anchor.settle();
    expect(anchor.latest(main)?.status).toBe("torn-down");
    expect([...pipelinesOf(anchor), ...stacksOf(anchor)]).toEqual([]);
    expect([...anchor.cache.objects.keys()]).toEqual([artifact(other)]);
  });
});

describe("a line with short names", () => {
  it("is refused with a release template that does not know them", async () => {
    const anchor = fakeAnchor();
    anchor.upload(main, await topic());
    await anchor.settle();
    await approve(anchor);
    useTemplates(anchor, "before");
    anchor.upload(main, await topic("Next"));
    await anchor.settle();
    expect(anchor.latest(main)).toMatchObject({ status: "rejected", reason: { code: "TemplateTooOld" } });
    expect(pipelinesOf(anchor)).toEqual([pipelineName(main)]);
  });

  it("is refused when another line has its code", async () => {
    const anchor = fakeAnchor();
    const record = { line: other, stacks: "short" };
    await anchor.cache.put(cacheKeys.record(lineCode(main)), Buffer.from(JSON.stringify(record)));
    anchor.upload(main, await topic());
    await anchor.settle();
    expect(anchor.latest(main)).toMatchObject({
      status: "rejected",
      reason: { code: "NameTaken", sentence: expect.stringContaining("111111111111/bookings/main") },
    });
    expect(pipelinesOf(anchor)).toEqual([]);
    await expect(reserveNames(anchor.cache, main, "short")).rejects.toMatchObject({ code: "NameTaken" });
    expect(await recordOf(anchor.cache, lineCode(main))).toEqual(record);
  });

  it("leaves a stack that has its name and belongs to another line", async () => {
    const anchor = fakeAnchor();
    anchor.upload(main, await topic());
    await anchor.settle();
    const target = { account: "444444444444", region: "us-east-1" };
    const theirs = { [tags.account]: "121212121212", [tags.app]: other.app, [tags.branch]: other.branch };
    anchor.applications.set(target, stackName("prod", main), { tags: theirs });
    anchor.upload(main, new Uint8Array(0));
    await anchor.settle();
    expect(anchor.latest(main)?.status).toBe("torn-down");
    expect(stacksOf(anchor)).toEqual([`444444444444/${stackName("prod", main)}`]);
  });
});
