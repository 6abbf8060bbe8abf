/** Messages on the queue of lines: the last failure is told to the uploader, and no message can harm another. */
import { Logger } from "@aws-lambda-powertools/logger";
import type { SQSRecord } from "aws-lambda";
import { describe, expect, it } from "vitest";
import { lineRecord, receives } from "#lambdas/door/line-record.ts";
import type { Line } from "#release/key.ts";
import { lineName } from "#release/names.ts";
import { topicTemplate, zipOf } from "#test/support/artifact.ts";
import { fakeAnchor } from "#test/support/fakes/anchor.ts";
import { anchor as anchorAccount, makeStacks, templateOf } from "#test/support/stacks.ts";

const line: Line = { account: anchorAccount, app: "shop", branch: "feature" };

const record = (body: string, count: number): SQSRecord =>
  ({
    messageId: "m-1",
    body,
    attributes: { ApproximateReceiveCount: String(count) },
  }) as unknown as SQSRecord;

describe("a message that keeps failing", () => {
  const failing = async (count: number, lookAt: object) => {
    const anchor = fakeAnchor();
    anchor.upload(line, await zipOf({ "template.yaml": topicTemplate("T") }));
    await anchor.settle();
    const { handle, failed } = lineRecord(
      {
        ...anchor.world,
        stacks: { ...anchor.world.stacks, describe: () => Promise.reject(new Error("AccessDenied")) },
      },
      new Logger({ logLevel: "SILENT" }),
    );
    const message = record(JSON.stringify({ cause: "sweep", ...lookAt }), count);
    await handle(message).catch((error: unknown) => failed(message, error));
    return anchor.latest(line);
  };

  it("tells the uploader nothing before its last chance", async () => {
    expect((await failing(receives - 1, { line }))?.status).toBe("released");
  });

  it.each([{ line }, { lineName: lineName(line) }])(
    "is told when it was the last chance (%o)",
    async (lookAt) => {
      const result = await failing(receives, lookAt);
      expect(result).toMatchObject({ status: "failed", reason: { code: "ReconcileFailed" } });
      expect(result?.reason.sentence).toContain("AccessDenied");
    },
  );
});

it("a message nobody of ours has sent fails alone", async () => {
  const { handle, failed } = lineRecord(fakeAnchor().world, new Logger({ logLevel: "SILENT" }));
  const message = record("no JSON", receives);
  const outcome = handle(message).catch((error: unknown) => failed(message, error));
  await expect(outcome).resolves.toBeUndefined();
});

it("the last chance is the one after which the queue of the anchor stack gives up", () => {
  const queues = Object.values(templateOf(makeStacks()["anchor"]).Resources).map(
    ({ Properties }) => Properties,
  );
  const lines = queues.find(({ QueueName }) => QueueName === "kedge-lines.fifo");
  expect(lines?.["RedrivePolicy"]).toMatchObject({ maxReceiveCount: receives });
});
