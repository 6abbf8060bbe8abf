/** The estate: which accounts exist, which environments they are, and which branches may reach them. One file declares it. */

export type Environment = {
  readonly name: string;
  readonly account: string;
  readonly region: string;
  /** Position in the promotion; environments are visited in ascending order. */
  readonly order: number;
  /** Somebody has to approve the change set before it is executed. */
  readonly approval: boolean;
  readonly approvalTimeoutMinutes: number;
  /** A line that reaches it may not be torn down by an upload, unless `allowTombstone` says so. */
  readonly protected: boolean;
  /** Patterns of branches that may reach it: `main`, `release/*` (one segment), `**` (anything). `!x` takes out again. */
  readonly branches: readonly string[];
};

export type Anchor = {
  readonly name: string;
  readonly account: string;
  readonly region: string;
  /** Branches that may be torn down although they reach a protected environment. */
  readonly allowTombstone: readonly string[];
  /** A newer version ends the pending approval of an older one. */
  readonly supersedePendingApproval: boolean;
  /** In promotion order. */
  readonly environments: readonly Environment[];
};

export type Limits = {
  readonly artifactBytes: number;
  readonly unpackedBytes: number;
  readonly entries: number;
};

export type Estate = {
  readonly region: string;
  readonly central: string;
  readonly organization?: string;
  readonly limits: Limits;
  readonly anchors: readonly Anchor[];
};

/** What the estate allows when it does not say otherwise. */
export const defaultLimits: Limits = {
  artifactBytes: 5 * 1024 ** 3,
  unpackedBytes: 20 * 1024 ** 3,
  entries: 100_000, // CodePipeline's own limit for an S3 artifact
};
