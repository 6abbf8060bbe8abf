/**
 * Counts the references to blobs. Copies, parts and reads share blobs, and the last release deletes the blob.
 */

import type { BlobReferences, Segment } from "./state.ts";

/**
 * `stored` returns the segments in the tables. They are counted at first use, because the tables are read
 * after the state is made.
 */
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
