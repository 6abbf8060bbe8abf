/** Batch calls, which answer for each of their entries, and their answers when only some entries succeed. */
import type { Asked } from "./asked.ts";

type Entry = Readonly<Record<string, unknown>>;
type Split = {
  /** The call with the entries that succeed. Undefined when all entries fail. */
  readonly input: Asked["input"] | undefined;
  /** Makes the answer of the whole call, with the failure of the other entries. */
  readonly answer: (output: unknown) => unknown;
};

type Batch = {
  readonly entries: (input: Asked["input"]) => readonly Entry[];
  readonly reduced: (input: Asked["input"], entries: readonly Entry[]) => Asked["input"];
  /** The member of the answer that lists the failed entries, and the failure of an entry. */
  readonly failed: readonly [member: string, of: (entry: Entry) => Entry];
};

const sqs: Batch = {
  entries: ({ Entries }) => Entries as readonly Entry[],
  reduced: (input, Entries) => ({ ...input, Entries }),
  failed: [
    "Failed",
    ({ Id }) => ({ Id, SenderFault: false, Code: "InternalError", Message: "Try this one again." }),
  ],
};

const batches: Readonly<Record<string, Batch>> = {
  "sqs:SendMessageBatch": sqs,
  "sqs:ChangeMessageVisibilityBatch": sqs,
  "s3:DeleteObjects": {
    entries: ({ Delete }) => (Delete as { readonly Objects: readonly Entry[] }).Objects,
    reduced: (input, Objects) => ({ ...input, Delete: { ...(input["Delete"] as object), Objects } }),
    failed: [
      "Errors",
      ({ Key, VersionId }) => ({ Key, VersionId, Code: "InternalError", Message: "Try this one again." }),
    ],
  },
};

export const isBatch = ({ service, operation }: Asked): boolean => `${service}:${operation}` in batches;

/** Returns undefined for a call that is no batch, and for a batch whose entries all succeed. */
export function splitBatch(
  { service, operation, input }: Asked,
  done: (index: number) => boolean,
): Split | undefined {
  const batch = batches[`${service}:${operation}`];
  if (batch === undefined) return undefined;
  const entries = batch.entries(input);
  const kept = entries.filter((_, index) => done(index));
  const left = entries.filter((entry) => !kept.includes(entry));
  if (left.length === 0) return undefined;
  const [member, failureOf] = batch.failed;
  return {
    input: kept.length === 0 ? undefined : batch.reduced(input, kept),
    answer: (output) => ({ ...(output as object), [member]: left.map(failureOf) }),
  };
}
