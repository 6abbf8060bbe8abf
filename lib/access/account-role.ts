/**
 * Describes the role of each account in the estate: central, anchor or target, with its regions and rules.
 */

export type AccountRole = {
  readonly account: string;
  readonly region: string;
  /**
   * Further regions of an anchor or a target with environments. Every further region has stacks of its own.
   */
  readonly furtherRegions: readonly string[];
  readonly purpose: "central" | "anchor" | "target";
  /** The anchor's name; `central` for the central account. */
  readonly tenant: string;
  /** Changes of this account wait for an approval. */
  readonly gated: boolean;
  /** The CodeBuild projects and functions of a target that the estate lets artifacts use, by name. */
  readonly handlers?: { readonly projects: readonly string[]; readonly functions: readonly string[] };
  /** The anchor forbids that an uploader approves. */
  readonly separateDuties?: boolean;
  /** The principals that the estate names for the roles of people; absent: the account, whose policies decide. */
  readonly people?: readonly {
    readonly role: string;
    readonly principals?: readonly string[];
    /** The condition key that pins the names of the role's sessions. */
    readonly sessionName?: string;
  }[];
  /** The account's name in reports: `central`, `shop`, `shop prod`. */
  readonly label: string;
};

/**
 * True for an account with an environment outside its anchor's region, and for the anchor of such an account.
 */
export const worksInFurtherRegions = (
  accountRoles: readonly AccountRole[],
  account: string | undefined,
): boolean => accountRoles.some((each) => each.account === account && each.furtherRegions.length > 0);

/** An account outside of the estate. */
export const foreignAccount = "999999999999";
