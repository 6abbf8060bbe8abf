/** The port to the published estate and its proposals. Only `kedge-publish` writes the published estate. */
import type { Signer } from "#release/names/signer.ts";

/** `version`: S3's id of the object version, which no other publication has. */
export type PublishedEstate = {
  readonly text: string;
  readonly version: string;
  readonly etag: string | undefined;
};

type Replacement = {
  readonly text: string;
  readonly live: PublishedEstate | undefined;
  /** Ids of people, which stay with this version of the object. */
  readonly people: readonly string[];
};

export type EstatePublication = {
  readonly live: () => Promise<PublishedEstate | undefined>;
  /** The people who wrote a proposal with this digest in its name, in place of the version `base`. */
  readonly signers: (base: string, digest: string) => Promise<readonly Signer[]>;
  readonly proposal: (base: string, digest: string, signer: Signer) => Promise<string>;
  /** False when another publication came first. */
  readonly replace: (replacement: Replacement) => Promise<boolean>;
};
