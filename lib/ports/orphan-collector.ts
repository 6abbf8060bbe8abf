/** The port to the orphan collection of an anchor, which runs in the anchor's Lambda. */
import type { CollectedOrphan } from "#release/line/orphans.ts";

export type OrphanCollector = {
  /** `failed` is the Lambda's error text. */
  readonly collect: (order: {
    readonly fix: boolean;
  }) => Promise<{ readonly orphans: readonly CollectedOrphan[] } | { readonly failed: string }>;
};
