/** Something of known size of which stretches can be read: an S3 object version, a file, bytes in memory. */

export type RangeReader = {
  readonly size: number;
  /** `end` is exclusive; fewer bytes than asked for mean that the object is shorter than its size. */
  readonly read: (start: number, end: number) => Promise<Uint8Array>;
};

export const bytesReader = (bytes: Uint8Array): RangeReader => ({
  size: bytes.length,
  read: async (start, end) => bytes.subarray(start, end),
});
