/** The port that writes the packed command line into the artifact bucket, where CIs download it. */

export type CliFiles = {
  /** The bytes that this version has; undefined when it is not there. */
  readonly read: (version: string) => Promise<Uint8Array | undefined>;
  /** Writes the version once, and makes it the newest. False when this version is there already: its bytes stay. */
  readonly put: (version: string, packed: Uint8Array) => Promise<boolean>;
};
