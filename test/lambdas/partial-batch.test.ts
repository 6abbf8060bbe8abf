/** Batches of a queue: what is reported as failed, and in which order messages are taken up. */
import type { SQSRecord } from "aws-lambda";
import { describe, expect, it } from "vitest";
import { handleBatch } from "#lambdas/door/partial-batch.ts";

const record = (messageId: string, group?: string): SQSRecord =>
  ({ messageId, attributes: group === undefined ? {} : { MessageGroupId: group } }) as unknown as SQSRecord;

/** Messages whose id begins with `bad` fail. */
async function handled(...Records: readonly SQSRecord[]) {
  const taken: string[] = [];
  const answer = await handleBatch({
    handle: async ({ messageId }) => {
      taken.push(messageId);
      await Promise.resolve();
      if (messageId.startsWith("bad")) throw new Error(messageId);
    },
    failed: async ({ messageId }, error) => void taken.push(`${messageId}: ${(error as Error).message}`),
  })({ Records: [...Records] });
  return { taken, failed: answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier) };
}

describe("a batch", () => {
  it("of a standard queue reports the failed messages alone", async () => {
    const { failed } = await handled(record("a"), record("bad-b"), record("c"));
    expect(failed).toEqual(["bad-b"]);
  });

  it("of a FIFO queue holds back what comes after a failure in its group, and no other group", async () => {
    const { failed, taken } = await handled(
      record("a1", "a"),
      record("b1", "b"),
      record("bad-a2", "a"),
      record("a3", "a"),
      record("b2", "b"),
    );
    expect(failed).toEqual(["bad-a2", "a3"]);
    expect(taken).toContain("b2");
    expect(taken).not.toContain("a3");
    expect(taken).toContain("bad-a2: bad-a2");
  });

  it("takes up the messages of a group one after the other", async () => {
    const running = { now: 0, most: 0 };
    await handleBatch({
      handle: async () => {
        running.now += 1;
        running.most = Math.max(running.most, running.now);
        await Promise.resolve();
        running.now -= 1;
      },
      failed: async () => undefined,
    })({ Records: [record("a1", "a"), record("a2", "a"), record("a3", "a")] });
    expect(running.most).toBe(1);
  });

  it("that went well reports nothing", async () => {
    expect((await handled(record("a"), record("b"))).failed).toEqual([]);
    expect((await handled()).failed).toEqual([]);
  });
});
