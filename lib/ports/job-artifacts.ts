/** The port to the artifacts that CodePipeline passes from action to action. */

export type ArtifactLocation = { readonly bucket: string; readonly key: string };

export type JobArtifacts = {
  readonly read: (location: ArtifactLocation) => Promise<Uint8Array>;
  readonly write: (location: ArtifactLocation, content: Uint8Array) => Promise<void>;
};
