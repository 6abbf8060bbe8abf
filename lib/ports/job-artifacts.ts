/** The port to the artifacts that CodePipeline passes from action to action. */

export type ArtifactLocation = { readonly bucket: string; readonly key: string };

export type JobArtifacts = {
  readonly read: (location: ArtifactLocation) => Promise<Uint8Array>;
  /**
   * Writes an output once, so that each later reader gets the bytes that were compared before. Throws
   * `AssetAltered` when other bytes are there.
   */
  readonly write: (location: ArtifactLocation, content: Uint8Array) => Promise<void>;
};
