/** Decides whether an estate that people propose may be published. */
import { ReleaseError } from "#release/errors/errors.ts";
import type { Estate } from "#release/estate/estate.ts";
import { parseEstate } from "#release/estate/estate-parse.ts";
import { peopleOf, type Signer } from "#release/names/signer.ts";
import { type Loosening, loosening } from "./loosening.ts";
import { loosenings } from "./loosenings.ts";

type Proposal = {
  /** The text of the published estate; undefined before the first publication. */
  readonly live: string | undefined;
  readonly next: Estate;
  readonly signers: readonly Signer[];
};

type Publication = {
  readonly may: boolean;
  readonly loosenings: readonly Loosening[];
  /** Ids of people, without duplicates. */
  readonly people: readonly string[];
};

export function publicationOf({ live, next, signers }: Proposal): Publication {
  const people = peopleOf(signers);
  const found = loosenedBy(live, next);
  return { may: people.length > (found.length > 0 ? 1 : 0), loosenings: found, people };
}

/** The first estate loosens nothing. */
export function loosenedBy(live: string | undefined, next: Estate): readonly Loosening[] {
  if (live === undefined) return [];
  try {
    return loosenings(parseEstate(live), next);
  } catch (error) {
    if (!(error instanceof ReleaseError)) throw error;
    // An estate that this version cannot read cannot be compared, so it may have had any gate.
    return [loosening("estate", "", `not readable by this version (${error.code})`, "replaced")];
  }
}
