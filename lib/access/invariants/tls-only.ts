/** Checks that buckets and queues reject calls without TLS. */
import type { Invariant } from "./invariant.ts";

export const tlsOnly: Invariant = {
  name: "tls-only",
  sentence: "No bucket and no queue of Kedge's answers a call in the clear, whoever makes it.",
  objection: ({ variant, resource }) =>
    variant.secure === false && ["s3", "sqs"].includes(resource.service)
      ? "the call is not encrypted"
      : undefined,
};
