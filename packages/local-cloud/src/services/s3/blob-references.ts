/** Counts who needs a blob: copies, parts and readers share bytes, and the last to let go deletes them. */
import type { BlobReferences } from "./state.ts";
import type { Blobs } from "#cloud/kernel/blobs.ts";
import type { Segment } from "./state.ts";

/** `stored`: what the tables hold already; counted on first use, because tables are read after the state is made. */
export function createBlobReferences(stored: () => Iterable<readonly Segment[]>): BlobReferences {
  let counts: Map<string, number> | undefined;
  const add = (to: Map<string, number>, segments: readonly Segment[]): void => {
    for (const { blob } of segments) to.set(blob.id, (to.get(blob.id) ?? 0) + 1);
  };
  const counted = (): Map<string, number> => {
    if (counts === undefined) {
      counts = new Map();
      for (const segments of stored()) add(counts, segments);
    }
    return counts;
  };
  return {
    hold: (segments) => add(counted(), segments),
    release: async (segments, blobs) => {
      const held = counted();
      for (const { blob } of segments) {
        const left = (held.get(blob.id) ?? 0) - 1;
        if (left > 0) held.set(blob.id, left);
        else if (held.delete(blob.id)) await blobs.delete(blob.id);
      }
    },
  };
}
