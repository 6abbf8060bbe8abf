/** Batches of a queue: what is handled together, and what is reported as failed. */
import type { SQSRecord } from "aws-lambda";
import { describe, expect, it } from "vitest";
import { handleBatch } from "#lambdas/door/partial-batch.ts";

const record = (messageId: string): SQSRecord => ({ messageId }) as unknown as SQSRecord;

/** Messages whose id begins with `bad` fail; with `grouped`, those of the same last letter belong together. */
async function handled(ids: readonly string[], grouped = false) {
  const taken: string[] = [];
  const answer = await handleBatch({
    ...(grouped && { belongsTo: ({ messageId }) => messageId.at(-1) ?? "" }),
    handle: async (records) => {
      const names = records.map(({ messageId }) => messageId);
      taken.push(names.join(" "));
      await Promise.resolve();
      if (names.some((name) => name.startsWith("bad"))) throw new Error(names.join(" "));
    },
    failed: async (_, error) => void taken.push(`failed: ${(error as Error).message}`),
  })({ Records: ids.map(record) });
  return { taken, failed: answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier) };
}

describe("a batch", () => {
  it("handles each message alone, and reports only the failed ones", async () => {
    const { failed, taken } = await handled(["a", "bad-b", "c"]);
    expect(failed).toEqual(["bad-b"]);
    expect(taken).toEqual(["a", "bad-b", "c", "failed: bad-b"]);
  });

  it("handles and reports the messages of one group together", async () => {
    const { failed, taken } = await handled(["1-a", "1-b", "bad-a", "2-b"], true);
    expect(taken).toEqual(["1-a bad-a", "1-b 2-b", "failed: 1-a bad-a"]);
    expect(failed).toEqual(["1-a", "bad-a"]);
  });

  it("reports nothing when all messages succeed", async () => {
    expect((await handled(["a", "b"])).failed).toEqual([]);
    expect((await handled([])).failed).toEqual([]);
  });
});
