/**
 * Applies the common rules of the three batch operations: checks of the whole batch, and one result per
 * entry.
 */
import type { BatchResultErrorEntry } from "@aws-sdk/client-sqs";
import { AwsError } from "#cloud/kernel/aws-error.ts";

/** A batch has at most ten entries (SQS API Reference, SendMessageBatch). */
const LIMIT = 10;

export function checkBatch(
  entries: readonly { readonly Id?: string | undefined }[],
  entryType: string,
): void {
  if (entries.length === 0)
    throw new AwsError("EmptyBatchRequest", `There should be at least one ${entryType} in the request.`);
  if (entries.length > LIMIT)
    throw new AwsError(
      "TooManyEntriesInBatchRequest",
      `Maximum number of entries per request are ${LIMIT}. You have sent ${entries.length}.`,
    );
  const seen = new Set<string>();
  for (const { Id = "" } of entries) {
    if (!/^[\w-]{1,80}$/.test(Id))
      throw new AwsError(
        "InvalidBatchEntryId",
        "A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.",
      );
    if (seen.has(Id)) throw new AwsError("BatchEntryIdsNotDistinct", `Id ${Id} repeated.`);
    seen.add(Id);
  }
}

/**
 * Runs each entry on its own. A failed entry is listed in `Failed` and does not stop other entries (SQS API
 * Reference, SendMessageBatch).
 */
export function eachEntry<Entry extends { readonly Id?: string | undefined }, Result>(
  entries: readonly Entry[],
  act: (entry: Entry) => Result,
): { readonly Successful: Result[]; readonly Failed: BatchResultErrorEntry[] } {
  const Successful: Result[] = [];
  const Failed: BatchResultErrorEntry[] = [];
  for (const entry of entries) {
    try {
      Successful.push(act(entry));
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      Failed.push({
        Id: entry.Id,
        Code: error.code,
        Message: error.message,
        SenderFault: error.status < 500,
      });
    }
  }
  return { Successful, Failed };
}
