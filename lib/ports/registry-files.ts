/** The port that writes Lambda code into the registry bucket. */

export type RegistryFiles = {
  /** False when the code of this digest is there already. */
  readonly putLambda: (digest: string, zip: Uint8Array) => Promise<boolean>;
};
