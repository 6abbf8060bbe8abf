/** The port that writes the packed command line into the artifact bucket, where CIs download it. */

export type CliFiles = {
  /** Writes the version and makes it the newest. False when this version is there already. */
  readonly put: (version: string, packed: Uint8Array) => Promise<boolean>;
};
