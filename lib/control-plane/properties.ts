/**
 * Defines the input of the control plane's stacks: facts of the estate, and files that were bundled before.
 */

export type ControlPlaneEstate = {
  readonly central: string;
  readonly region: string;
  readonly anchors: readonly { readonly account: string; readonly region: string }[];
  /** The days that replaced versions of artifacts stay, and the number of them that always stays. */
  readonly retention: { readonly artifactVersionsDays: number; readonly artifactVersionsCount?: number };
};

/** A Lambda's zip on disk, and its digest, which is its name in the registry. */
export type LambdaBundle = { readonly zip: string; readonly digest: string };

export const lambdaNames = [
  "route",
  "publish",
  "reconcile",
  "observe",
  "package",
  "prepare",
  "execute",
  "smoke",
  "sweep",
  "verify",
  "site",
  "call",
] as const;
type LambdaName = (typeof lambdaNames)[number];

export type LambdaBundles = Readonly<Record<LambdaName, LambdaBundle>>;
