/** The port to the uploads in the central bucket. */
import type { ArtifactNow } from "#release/line/observation.ts";
import type { ArtifactRef } from "#release/plan/release.ts";
import type { RangeReader } from "#release/zip/range-reader.ts";

export type Upload = { readonly key: string; readonly size: number; readonly lastModified: string };

export type Artifacts = {
  /** The newest version at the key; undefined when the key has no object or a delete marker. */
  readonly newest: (key: string) => Promise<ArtifactNow | undefined>;
  readonly reader: (artifact: ArtifactRef) => RangeReader;
  /** Streams a range of one version, all of it by default; `end` is exclusive. */
  readonly stream: (artifact: ArtifactRef, start?: number, end?: number) => AsyncIterable<Uint8Array>;
  /** The current objects below the account's prefix. */
  readonly uploads: (account: string) => AsyncIterable<Upload>;
  /** The current object at the key, in a list: the caller need not be allowed to read it. */
  readonly listed: (key: string) => Promise<Upload | undefined>;
};
