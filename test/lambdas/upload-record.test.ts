/** Messages on the intake queue: the result of an upload that cannot be routed says so, and the other messages of the batch are handled. */
import { Logger } from "@aws-lambda-powertools/logger";
import type { SQSRecord } from "aws-lambda";
import { describe, expect, it } from "vitest";
import { intakeReceives } from "#journey/unrouted.ts";
import { handleBatch } from "#lambdas/door/partial-batch.ts";
import { uploadRecord } from "#lambdas/door/upload-record.ts";
import type { LineMessage } from "#ports/line-queue.ts";
import { parseResult } from "#release/line/result-shape.ts";
import { resultKeys } from "#release/names/key.ts";
import { fakeEstate } from "#test/support/fakes/anchor.ts";
import { memoryPeople, memoryUploadRecords } from "#test/support/fakes/people.ts";
import { memoryResults } from "#test/support/fakes/storage.ts";

const key = "111111111111/shop/main/latest.zip";

const record = (messageId: string, body: string, count = 1): SQSRecord =>
  ({
    messageId,
    body,
    receiptHandle: `receipt-${messageId}`,
    eventSourceARN: "arn:aws:sqs:us-east-1:101010101010:kedge-intake",
    attributes: { ApproximateReceiveCount: String(count) },
  }) as unknown as SQSRecord;

const uploaded = (messageId: string, versionId: string, count?: number): SQSRecord =>
  record(messageId, JSON.stringify({ Records: [notified(versionId)] }), count);

const notified = (versionId: string) => ({
  ...{ eventName: "ObjectCreated:Put", eventTime: "2026-01-01T00:00:00Z" },
  s3: { bucket: { name: "b" }, object: { key, versionId } },
});

async function handled(Records: readonly SQSRecord[], broken = false) {
  const sent: LineMessage[] = [];
  const pauses: unknown[] = [];
  const results = memoryResults();
  const deps = {
    estate: {
      load: () => (broken ? Promise.reject(new Error("Rate exceeded")) : Promise.resolve(fakeEstate)),
    },
    ...{ results, people: memoryPeople(), uploadRecords: memoryUploadRecords() },
    lines: { send: async (_: object, messages: readonly LineMessage[]) => void sent.push(...messages) },
    retry: {
      later: async (_: string, receipts: readonly string[], seconds: number) =>
        void pauses.push([receipts, seconds]),
    },
  };
  const handler = uploadRecord(deps, new Logger({ logLevel: "SILENT" }));
  const { batchItemFailures } = await handleBatch(handler)({ Records: [...Records] });
  const result = (version: string) => results.objects.get(resultKeys(key, version).version);
  return { sent, pauses, result, results, failed: batchItemFailures.map((each) => each.itemIdentifier) };
}

describe("a message on the intake queue", () => {
  it("sends an unreadable message to the dead-letter queue, and its neighbours to their anchor", async () => {
    const { sent, pauses, failed } = await handled([record("bad", "no JSON"), uploaded("good", "v1")]);
    expect(failed).toEqual(["bad"]);
    expect(pauses).toEqual([[["receipt-bad"], 0]]);
    expect(sent.map(({ deduplication }) => deduplication)).toEqual(["good"]);
  });

  it("sends each upload of one message to its anchor", async () => {
    const body = JSON.stringify({ Records: [notified("v1"), notified("v2")] });
    const { sent } = await handled([record("two", body)]);
    expect(sent.map(({ deduplication }) => deduplication)).toEqual(["two", "two-1"]);
  });

  it("retries an upload that could not be forwarded, and writes no result yet", async () => {
    const { failed, pauses, results } = await handled([uploaded("m", "v1", intakeReceives - 1)], true);
    expect([failed, pauses]).toEqual([["m"], []]);
    expect(results.objects.size).toBe(0);
  });

  it("writes the reason to the result of the upload's own version at the last attempt", async () => {
    const { failed, result, results } = await handled([uploaded("m", "v1", intakeReceives)], true);
    expect(failed).toEqual(["m"]);
    const written = parseResult(result("v1") ?? "");
    expect([written.status, written.reason.code]).toEqual(["failed", "RouteFailed"]);
    expect(written.reason.sentence).toContain("Rate exceeded");
    expect([...results.objects.keys()]).toEqual([resultKeys(key, "v1").version]);
  });
});
