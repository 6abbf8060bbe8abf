/** Messages on the queues of lines: one observation for all messages of a line, a pause before the next attempt, the last failure in the result. */
import { Logger } from "@aws-lambda-powertools/logger";
import type { SQSRecord } from "aws-lambda";
import { describe, expect, it } from "vitest";
import type { ReconcileRequest } from "#journey/message.ts";
import { receives } from "#journey/retry-later.ts";
import { lineRecords } from "#lambdas/door/line-records.ts";
import { handleBatch } from "#lambdas/door/partial-batch.ts";
import type { Line } from "#release/names/key.ts";
import { formerPipelineName, lineName, pipelineName } from "#release/names/names.ts";
import { topicTemplate, zipOf } from "#test/support/artifact.ts";
import { type FakeAnchor, fakeAnchor } from "#test/support/fakes/anchor.ts";
import { anchor as anchorAccount, makeStacks, templateOf } from "#test/support/stacks.ts";

const line: Line = { account: anchorAccount, app: "shop", branch: "feature" };
const other: Line = { ...line, branch: "other" };
const queueArn = (of: string) => `arn:aws:sqs:us-east-1:${anchorAccount}:kedge-lines-${of}.fifo`;

const record = (messageId: string, body: string, count = 1, of = "feature"): SQSRecord =>
  ({
    messageId,
    body,
    receiptHandle: `receipt-${messageId}`,
    eventSourceARN: queueArn(of),
    attributes: { ApproximateReceiveCount: String(count) },
  }) as unknown as SQSRecord;

const about = (messageId: string, request: ReconcileRequest, count?: number, of?: string): SQSRecord =>
  record(messageId, JSON.stringify(request), count, of);

/** Hands the records to the anchor's Lambda; answers what it reports as failed, and for how long that is put off. */
async function handled(anchor: FakeAnchor, Records: readonly SQSRecord[], over: object = {}) {
  const pauses: unknown[] = [];
  const retry = {
    later: async (arn: string, receipts: readonly string[], seconds: number) =>
      void pauses.push([arn.split(":").at(-1), receipts, seconds]),
  };
  const handler = lineRecords({ ...anchor.deps, retry, ...over }, new Logger({ logLevel: "SILENT" }));
  const { batchItemFailures } = await handleBatch(handler)({ Records: [...Records] });
  return { pauses, failed: batchItemFailures.map(({ itemIdentifier }) => itemIdentifier) };
}

async function released(): Promise<FakeAnchor> {
  const anchor = fakeAnchor();
  anchor.upload(line, await zipOf({ "template.yaml": topicTemplate("T") }));
  await anchor.settle();
  return anchor;
}

describe("a batch of line messages", () => {
  it("reconciles each line once, with every version that its messages name", async () => {
    const anchor = fakeAnchor();
    const versions: string[] = [];
    for (const name of ["A", "B", "C"])
      versions.push(anchor.upload(line, await zipOf({ "template.yaml": topicTemplate(name) })));
    anchor.upload(other, await zipOf({ "template.yaml": topicTemplate("T") }));
    const observed: string[] = [];
    const describeStack = anchor.deps.stacks.describe;
    const stacks = {
      ...anchor.deps.stacks,
      describe: (name: string) => {
        observed.push(name);
        return describeStack(name);
      },
    };
    const records = anchor.queue.map(({ id, request }) => about(id, request));
    expect(await handled(anchor, records, { stacks })).toEqual({ pauses: [], failed: [] });
    const names = [line, other].flatMap((each) => [pipelineName(each), formerPipelineName(each)]);
    expect(observed.toSorted()).toEqual(names.toSorted());
    const statuses = versions.map((version) => anchor.result(line, version)?.status);
    expect(statuses).toEqual(["superseded", "superseded", "releasing"]);
  });

  it("handles the other messages when one message is unreadable", async () => {
    const anchor = await released();
    const records = [record("bad", "no JSON"), about("good", { cause: "sweep", line })];
    const { failed, pauses } = await handled(anchor, records);
    expect(failed).toEqual(["bad"]);
    expect(pauses).toEqual([["kedge-lines-feature.fifo", ["receipt-bad"], 0]]);
  });

  it("forwards messages to the queue of their line's class after a change of the estate", async () => {
    const anchor = await released();
    const writes = anchor.results.writes.length;
    const sent: unknown[] = [];
    const lines = {
      send: async (_: object, messages: readonly { readonly body: string }[]) =>
        void sent.push(...messages.map((message) => ({ ...message, body: JSON.parse(message.body) }))),
    };
    const request: ReconcileRequest = { cause: "upload", line, versionId: "version-1" };
    await handled(anchor, [about("m-1", request, 1, "main")], { lines });
    expect(anchor.results.writes).toHaveLength(writes);
    expect(sent).toEqual([
      { class: "feature", group: lineName(line), deduplication: "m-1-0", body: request },
    ]);
  });
});

describe("a reconcile that keeps failing", () => {
  const describe = () => Promise.reject(new Error("Rate exceeded"));
  const failing = async (count: number, request: Partial<ReconcileRequest>) => {
    const anchor = await released();
    await anchor.slotRecords.put(
      `governor/${lineName(line)}/running/feature/-/starts/2026-01-01T00:00:00.000Z`,
      new Uint8Array(),
    );
    const stacks = { ...anchor.deps.stacks, describe };
    const { pauses, failed } = await handled(anchor, [about("m-1", { cause: "sweep", ...request }, count)], {
      stacks,
    });
    expect(failed).toEqual(["m-1"]);
    return { anchor, pauses };
  };

  it.each([
    [1, 5],
    [2, 10],
    [4, 40],
    [receives - 1, 300],
  ])("delays the next attempt after %i receives by %i s", async (count, seconds) => {
    const { pauses } = await failing(count, { line });
    expect(pauses).toEqual([["kedge-lines-feature.fifo", ["receipt-m-1"], seconds]]);
  });

  it("reports nothing before the last attempt, and keeps the slot", async () => {
    const { anchor } = await failing(receives - 1, { line });
    expect(anchor.latest(line)?.status).toBe("released");
    expect(anchor.slotRecords.objects.size).toBe(1);
  });

  it.each([{ line }, { lineName: lineName(line) }])(
    "reports the failure at the last attempt, and releases the slot (%o)",
    async (request) => {
      const { anchor } = await failing(receives, request);
      expect(anchor.latest(line)).toMatchObject({ status: "failed", reason: { code: "ReconcileFailed" } });
      expect(anchor.latest(line)?.reason.sentence).toContain("Rate exceeded");
      expect(anchor.slotRecords.objects.size).toBe(0);
    },
  );
});

it("makes the last attempt equal to the maxReceiveCount of the anchor stack's queues", () => {
  const queues = Object.values(templateOf(makeStacks()["anchor"]).Resources)
    .map(({ Properties }) => Properties)
    .filter(({ QueueName }) => /^kedge-lines-(hotfix|main|feature)\.fifo$/.test(String(QueueName)));
  expect(queues).toHaveLength(3);
  for (const { RedrivePolicy } of queues) expect(RedrivePolicy).toMatchObject({ maxReceiveCount: receives });
});
