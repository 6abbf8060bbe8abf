/** The port to the uploads in the central bucket. */
import type { ArtifactNow } from "#release/line/observation.ts";
import type { ArtifactRef } from "#release/plan/release.ts";
import type { RangeReader } from "#release/zip/range-reader.ts";

export type Upload = { readonly key: string; readonly size: number; readonly lastModified: string };

export type Artifacts = {
  /** The newest version at the key; undefined when nothing or a delete marker is there. */
  readonly newest: (key: string) => Promise<ArtifactNow | undefined>;
  readonly reader: (artifact: ArtifactRef) => RangeReader;
  /** A stretch of one version in order, all of it by default; `end` is exclusive. */
  readonly stream: (artifact: ArtifactRef, start?: number, end?: number) => AsyncIterable<Uint8Array>;
  /** What lies at the account's keys now. */
  readonly uploads: (account: string) => AsyncIterable<Upload>;
};
