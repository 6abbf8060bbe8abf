/** Checks that buckets and queues reject calls without TLS. */
import type { Invariant } from "./invariant.ts";

export const tlsOnly: Invariant = {
  name: "tls-only",
  sentence: "Kedge's buckets and queues reject every call without TLS.",
  objection: ({ variant, resource }) =>
    variant.secure === false && ["s3", "sqs"].includes(resource.service)
      ? "the call is not encrypted"
      : undefined,
};
