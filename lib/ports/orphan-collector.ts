/** The port to the orphan collection of an anchor, which runs in the anchor's Lambda. */
import type { CollectedOrphan } from "#release/line/orphans.ts";

export type OrphanCollector = {
  /** `failed` has the words of the Lambda. */
  readonly collect: (order: {
    readonly fix: boolean;
  }) => Promise<{ readonly orphans: readonly CollectedOrphan[] } | { readonly failed: string }>;
};
