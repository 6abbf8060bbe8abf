/**
 * Whole journeys of a line over in-memory ports: the results for the uploader, and the resources that are
 * left in AWS.
 */
import { describe, expect, it } from "vitest";
import { reconcile } from "#journey/reconcile.ts";
import { formatKey, type Line } from "#release/names/key.ts";
import { cacheKeys, lineName, pipelineName } from "#release/names/names.ts";
import { stackName } from "#release/names/stack-names.ts";
import { topicTemplate, zipOf } from "#test/support/artifact.ts";
import { type FakeAnchor, fakeAnchor } from "#test/support/fakes/anchor.ts";

const main: Line = { account: "111111111111", app: "shop", branch: "main" };
const feature: Line = { ...main, branch: "feature/JIRA-42/größe ändern" };
const safe: Line = { ...main, branch: "safe" };
const nothing = new Uint8Array(0);
const topic = (name = "Topic") => zipOf({ "template.yaml": topicTemplate(name) });
const withTest = () => zipOf({ "template.yaml": topicTemplate("Topic"), "smoke-test.sh": "true" });

async function released(line: Line): Promise<{ anchor: FakeAnchor; first: string }> {
  const anchor = fakeAnchor();
  const first = anchor.upload(line, await topic());
  await anchor.settle();
  anchor.pipelines.approveAll();
  await anchor.settle();
  return { anchor, first };
}

const statusOf = (anchor: FakeAnchor, line: Line, version: string) => anchor.result(line, version)?.status;
const codeOf = (anchor: FakeAnchor, line: Line) => anchor.latest(line)?.reason.code;

describe("the first upload of a line", () => {
  it("is released to the only environment of its branch by the pipeline's own first execution", async () => {
    const { anchor, first } = await released(feature);
    expect(anchor.latest(feature)).toMatchObject({
      key: formatKey(feature),
      version: first,
      status: "released",
      execution: "execution-1",
      template: { name: "cloudformation" },
      pipeline: { name: pipelineName(feature), account: feature.account },
      stages: [{ name: "Source" }, { name: "Package" }, { name: "dev", status: "Succeeded" }],
    });
    expect(anchor.pipelines.started).toEqual([first]);
    expect([...anchor.applications.stacks.keys()]).toEqual([`222222222222/${stackName("dev", feature)}`]);
  });

  it("stops before the protected environment until the release is approved", async () => {
    const anchor = fakeAnchor();
    const version = anchor.upload(main, await topic());
    await anchor.settle();
    expect(statusOf(anchor, main, version)).toBe("waiting-for-approval");
    expect(anchor.applications.stacks.size).toBe(1);
    anchor.pipelines.approveAll();
    await anchor.settle();
    expect(statusOf(anchor, main, version)).toBe("released");
    expect(anchor.applications.stacks.size).toBe(2);
  });

  it("reads at most three ranges of the artifact, however large it is", async () => {
    const anchor = fakeAnchor();
    const ballast = Buffer.alloc(3_000_000, 1);
    anchor.upload(
      feature,
      await zipOf({ ballast, "template.yaml": topicTemplate("Topic") }, { compress: false }),
    );
    await anchor.deliver();
    expect(anchor.artifacts.read.ranges).toBeLessThanOrEqual(3);
    expect(anchor.artifacts.read.bytes).toBeLessThan(300_000);
  });

  it("remembers the line before it creates the pipeline, so that the stack's events find the line", async () => {
    const anchor = fakeAnchor();
    anchor.upload(feature, await topic());
    await anchor.deliver();
    const remembered = await anchor.cache.get(cacheKeys.line(lineName(feature)));
    expect(JSON.parse(Buffer.from(remembered ?? []).toString())).toEqual(feature);
  });
});

describe("the next upload", () => {
  it("starts an execution on exactly its bundle and leaves an unchanged pipeline alone", async () => {
    const { anchor, first } = await released(feature);
    const second = anchor.upload(feature, await topic("Other"));
    await anchor.settle();
    expect(statusOf(anchor, feature, second)).toBe("released");
    expect(statusOf(anchor, feature, first)).toBe("released");
    expect(anchor.rendered).toHaveLength(1);
    expect(anchor.pipelines.started).toEqual([first, second]);
  });

  it("updates the pipeline before it starts it when the plan has changed", async () => {
    const { anchor, first } = await released(feature);
    const second = anchor.upload(feature, await withTest());
    await anchor.settle();
    expect(statusOf(anchor, feature, second)).toBe("released");
    expect(anchor.rendered).toHaveLength(2);
    expect(anchor.pipelines.started).toEqual([first, second]);
  });

  it("supersedes the pending approval of an older version, whose result says so", async () => {
    const anchor = fakeAnchor();
    const first = anchor.upload(main, await topic());
    await anchor.settle();
    const second = anchor.upload(main, await topic("Other"));
    await anchor.settle();
    expect(statusOf(anchor, main, first)).toBe("superseded");
    expect(statusOf(anchor, main, second)).toBe("waiting-for-approval");
    expect(anchor.latest(main)?.version).toBe(second);
  });

  it("is the only one started of several uploads at the same time", async () => {
    const { anchor } = await released(feature);
    const versions = [anchor.upload(feature, await topic("B")), anchor.upload(feature, await topic("C"))];
    const last = anchor.upload(feature, await topic("D"));
    await anchor.settle();
    expect(versions.map((version) => statusOf(anchor, feature, version))).toEqual([
      "superseded",
      "superseded",
    ]);
    expect(statusOf(anchor, feature, last)).toBe("released");
    expect(anchor.pipelines.started).toHaveLength(2);
  });
});

describe("a failure", () => {
  it("stops the line in the environment that failed, and has CloudFormation's reason", async () => {
    const anchor = fakeAnchor();
    anchor.pipelines.failing.set("dev", "Topic (AWS::SNS::Topic) CREATE_FAILED: no more topics");
    const version = anchor.upload(main, await topic());
    await anchor.settle();
    expect(anchor.latest(main)).toMatchObject({
      version,
      status: "failed",
      reason: { code: "DeploymentFailed" },
    });
    expect(anchor.latest(main)?.reason.sentence).toContain("no more topics");
    expect(anchor.latest(main)?.stages.find(({ name }) => name === "prod")?.status).toBe("NotRun");
  });

  it("a failed pipeline stack is replaced when another version comes", async () => {
    const anchor = fakeAnchor();
    anchor.pipelines.uncreatable.add(pipelineName(feature));
    const first = anchor.upload(feature, await topic());
    await anchor.settle();
    expect(statusOf(anchor, feature, first)).toBe("failed");
    expect(codeOf(anchor, feature)).toBe("PipelineStackFailed");
    const second = anchor.upload(feature, await topic("Other"));
    await anchor.settle();
    expect(statusOf(anchor, feature, second)).toBe("released");
  });

  it("rejects an unreadable artifact once, without a change in AWS and without a retry", async () => {
    const { anchor } = await released(feature);
    const broken = anchor.upload(feature, Buffer.from("no zip"));
    await anchor.settle();
    expect(anchor.result(feature, broken)).toMatchObject({ status: "rejected", reason: { code: "NotAZip" } });
    expect(anchor.pipelines.started).toHaveLength(1);
    expect(anchor.queue).toEqual([]);
  });

  it("throws an error of AWS so that the message comes again, and takes nothing for absent", async () => {
    const { anchor } = await released(feature);
    const { describe: answer } = anchor.deps.stacks;
    const before = anchor.results.writes.length;
    anchor.enqueue(feature);
    Object.assign(anchor.deps.stacks, { describe: () => Promise.reject(new Error("Rate exceeded")) });
    await expect(anchor.deliver()).rejects.toThrow("Rate exceeded");
    expect(anchor.queue).toHaveLength(1);
    expect(anchor.results.writes).toHaveLength(before);
    Object.assign(anchor.deps.stacks, { describe: answer });
    await anchor.settle();
    expect(anchor.latest(feature)?.status).toBe("released");
  });
});

describe("results", () => {
  it("writes a result only when it has changed", async () => {
    const { anchor } = await released(feature);
    const before = anchor.results.writes.length;
    for (const cause of ["operator", "sweep", "pipeline"] as const) anchor.enqueue(feature, cause);
    await anchor.settle();
    expect(anchor.results.writes).toHaveLength(before);
  });
});

describe("a tombstone", () => {
  it("removes applications, pipeline and cached objects, in this order, and reports the end", async () => {
    const { anchor } = await released(main);
    const order: string[] = [];
    const version = anchor.upload(main, nothing);
    const record = () => {
      const { applications, pipelines, cache } = anchor;
      order.push([applications.stacks.size, pipelines.pipelines.size, cache.objects.size].join(" "));
    };
    do {
      record();
      while (anchor.queue.length > 0) await anchor.deliver();
      record();
    } while (anchor.happen());
    expect([...new Set(order)]).toEqual(["2 1 3", "1 1 3", "0 1 3", "0 0 3", "0 0 0"]);
    expect(anchor.latest(main)).toMatchObject({ version, status: "torn-down" });
  });

  it("keeps the stages of a released version when a late event meets the deletion of the pipeline", async () => {
    const { anchor, first } = await released(feature);
    const before = anchor.result(feature, first);
    expect(before?.stages).toHaveLength(3);
    anchor.upload(feature, nothing);
    await anchor.deliver();
    // CodePipeline lists the executions, then the pipeline is deleted, and then it lists no actions.
    const deps = { ...anchor.deps, executions: { ...anchor.deps.executions, actions: async () => [] } };
    await reconcile(deps, { cause: "pipeline", line: feature, executionId: "execution-1" }, "late");
    expect(anchor.result(feature, first)).toEqual(before);
    await anchor.settle();
    expect(anchor.latest(feature)?.status).toBe("torn-down");
  });

  it("is rejected for a protected line that the estate does not allow it for, and the line stays", async () => {
    const { anchor } = await released(safe);
    const version = anchor.upload(safe, nothing);
    await anchor.settle();
    expect(anchor.result(safe, version)).toMatchObject({
      status: "rejected",
      reason: { code: "TombstoneRefused" },
    });
    expect(anchor.applications.stacks.size).toBe(2);
    expect(anchor.pipelines.pipelines.size).toBe(1);
  });

  it("is torn down at once when the line has nothing deployed", async () => {
    const anchor = fakeAnchor();
    const version = anchor.upload(feature, nothing);
    await anchor.settle();
    expect(statusOf(anchor, feature, version)).toBe("torn-down");
  });

  it("stops the running version, whose result becomes superseded", async () => {
    const anchor = fakeAnchor();
    const first = anchor.upload(main, await topic());
    await anchor.settle();
    anchor.upload(main, nothing);
    await anchor.settle();
    expect(statusOf(anchor, main, first)).toBe("superseded");
    expect(anchor.latest(main)?.status).toBe("torn-down");
  });

  it("is abandoned when an upload comes midway, and the line comes back with the new version", async () => {
    const { anchor } = await released(main);
    anchor.upload(main, nothing);
    await anchor.deliver();
    const last = anchor.upload(main, await topic("Back"));
    await anchor.settle();
    anchor.pipelines.approveAll();
    await anchor.settle();
    expect(statusOf(anchor, main, last)).toBe("released");
    expect(anchor.applications.stacks.size).toBe(2);
  });

  it("says which stack CloudFormation cannot delete, and continues when it is asked again", async () => {
    const { anchor } = await released(feature);
    const name = stackName("dev", feature);
    anchor.applications.set({ account: "222222222222", region: "" }, name, {
      undeletable: "The bucket is not empty",
    });
    const first = anchor.upload(feature, nothing);
    await anchor.settle();
    expect(anchor.result(feature, first)).toMatchObject({
      status: "failed",
      reason: { code: "TeardownBlocked" },
    });
    expect(anchor.latest(feature)?.reason.sentence).toContain("The bucket is not empty");
    const stack = anchor.applications.stacks.get(`222222222222/${name}`);
    if (stack !== undefined) delete stack.undeletable;
    anchor.enqueue(feature);
    await anchor.settle();
    expect(anchor.latest(feature)?.status).toBe("torn-down");
  });
});

it("an event of a forgotten line changes nothing", async () => {
  const anchor = fakeAnchor();
  anchor.enqueue(feature, "stack");
  await anchor.settle();
  expect(anchor.results.writes).toEqual([]);
});

it("a line whose anchor has left the estate is rejected", async () => {
  const anchor = fakeAnchor();
  const foreignLine: Line = { ...main, account: "999999999999" };
  const version = anchor.upload(foreignLine, await topic());
  await anchor.settle();
  expect(anchor.result(foreignLine, version)).toMatchObject({
    status: "rejected",
    reason: { code: "AccountUnknown" },
  });
});
