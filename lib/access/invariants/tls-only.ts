/** Buckets and queues answer over TLS only. */
import type { Invariant } from "./invariant.ts";

export const tlsOnly: Invariant = {
  name: "tls-only",
  sentence: "No bucket and no queue of Kedge's answers a call in the clear, whoever makes it.",
  objection: ({ variant, place }) =>
    variant.secure === false && ["s3", "sqs"].includes(place.service)
      ? "the call is not encrypted"
      : undefined,
};
