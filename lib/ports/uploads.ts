/** The port that puts artifacts into the central bucket, as a CI does. */

export type UploadContent = {
  readonly size: number;
  readonly chunks: () => AsyncIterable<Uint8Array>;
  /** Of the object; see lib/release/people/claims.ts. */
  readonly metadata?: Readonly<Record<string, string>>;
};

/** Both methods answer the id of the new version, or undefined when the bucket keeps no versions. */
export type Uploads = {
  /** `onProgress` is called with the number of bytes sent so far. */
  readonly put: (
    key: string,
    content: UploadContent,
    onProgress?: (sent: number) => void,
  ) => Promise<string | undefined>;
  /** An object of zero bytes is the order to tear the line down. */
  readonly putTombstone: (key: string) => Promise<string | undefined>;
};
