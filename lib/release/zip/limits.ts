/** Limits of an artifact: its own size, its unpacked size, and its number of entries. The estate may set others. */
export type Limits = {
  readonly artifactBytes: number;
  readonly unpackedBytes: number;
  readonly entries: number;
};

/** What the estate allows when it does not say otherwise. */
export const defaultLimits: Limits = {
  artifactBytes: 5 * 1024 ** 3,
  unpackedBytes: 20 * 1024 ** 3,
  entries: 100_000, // CodePipeline's own limit for an S3 artifact
};
