/**
 * Limits of an artifact: its size, its unpacked size, and its number of entries. The estate may set other
 * values.
 */
export type Limits = {
  readonly artifactBytes: number;
  readonly unpackedBytes: number;
  readonly entries: number;
};

/** The limits of an estate that sets none. */
export const defaultLimits: Limits = {
  artifactBytes: 5 * 1024 ** 3,
  unpackedBytes: 20 * 1024 ** 3,
  entries: 100_000, // CodePipeline's own limit for an S3 artifact
};
