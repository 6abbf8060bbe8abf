/** What the control plane's stacks are told: plain facts of the estate, and files that were bundled before. */

export type ControlPlaneEstate = {
  readonly central: string;
  readonly region: string;
  readonly anchors: readonly { readonly account: string; readonly region: string }[];
  /** How long replaced versions of artifacts stay, and how many of them whatever their age. */
  readonly retention: { readonly artifactVersionsDays: number; readonly artifactVersionsCount?: number };
};

/** A Lambda's zip on disk, and the digest the registry holds it under. */
export type LambdaBundle = { readonly zip: string; readonly digest: string };

export const lambdaNames = [
  "route",
  "reconcile",
  "observe",
  "package",
  "prepare",
  "smoke",
  "sweep",
  "verify",
  "site",
  "call",
] as const;
type LambdaName = (typeof lambdaNames)[number];

export type LambdaBundles = Readonly<Record<LambdaName, LambdaBundle>>;
