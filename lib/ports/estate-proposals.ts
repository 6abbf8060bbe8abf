/** The port of the people who publish an estate: they sign a text, and `kedge-publish` publishes it. */
import type { Loosening } from "#release/estate/loosening/loosening.ts";
import type { PublishedEstate } from "./estate-publication.ts";

export type PublicationAnswer =
  | { readonly state: "published" | "waits"; readonly loosenings: readonly Loosening[] }
  | { readonly state: "kept" }
  /** No proposal has the digest and replaces the estate that is published now. */
  | { readonly state: "missing" }
  /** Another estate was published in the meantime. */
  | { readonly state: "overtaken" }
  | { readonly state: "refused"; readonly why: string };

export type EstateProposals = {
  readonly live: () => Promise<PublishedEstate | undefined>;
  /** Signs the text as the caller, to be published in place of the version `base`. */
  readonly sign: (base: string, digest: string, text: string) => Promise<void>;
  /** The text of a proposal with the digest; undefined without such a proposal. */
  readonly signed: (base: string, digest: string) => Promise<string | undefined>;
  /** The digests of the texts that wait to replace the version `base`. */
  readonly waiting: (base: string) => Promise<readonly string[]>;
  readonly publish: (digest: string) => Promise<PublicationAnswer>;
};
