/** Which account plays which part: the estate as the analysis looks at it. */

export type Standing = {
  readonly account: string;
  readonly region: string;
  /** Of an anchor and its targets: other regions that environments are in, each with stacks of its own. */
  readonly furtherRegions: readonly string[];
  readonly part: "central" | "anchor" | "target";
  /** The anchor's name; `central` for the central account. */
  readonly tenant: string;
  /** A change of this account waits for an approval. */
  readonly gated: boolean;
  /** Of a target: what its estate lets artifacts be handed to, by name. */
  readonly handlers?: { readonly projects: readonly string[]; readonly functions: readonly string[] };
  /** Of an anchor: who uploads may not approve. */
  readonly separateDuties?: boolean;
  /** How people call the account: `central`, `shop`, `shop prod`. */
  readonly label: string;
};

/** The account has an environment in another region than its anchor's, or is the anchor of one that has. */
export const worksInFurtherRegions = (standings: readonly Standing[], account: string | undefined): boolean =>
  standings.some((each) => each.account === account && each.furtherRegions.length > 0);

/** Somebody outside of the estate. */
export const strangerAccount = "999999999999";
