/** What each product is told when an estate's accounts provision it. */
import type { Anchor, Estate, Handlers } from "#release/estate.ts";
import { artifactsBucket, registryBucket } from "#release/places.ts";
import { regionsOf } from "#release/regional.ts";

type Parameters = Readonly<Record<string, string>>;

export const anchorParameters = ({ central, region }: Estate, anchor: Anchor): Parameters => ({
  CentralAccount: central,
  ArtifactBucket: artifactsBucket(central, region),
  RegistryBucket: registryBucket(central, region),
  TargetAccounts: targetAccounts(anchor).join(","),
  ...(regionsOf(anchor).length > 0 && { SeveralRegions: "true" }),
  ...(anchor.uploaders && { CiTrustedPrincipals: anchor.uploaders.join(",") }),
  ...(anchor.approvers && { ApproverTrustedPrincipals: anchor.approvers.join(",") }),
});

/** Each once: a client may have all its environments in one account. */
export const targetAccounts = ({ environments }: Anchor): readonly string[] => [
  ...new Set(environments.map(({ account }) => account)),
];

/** What the plain templates of other regions are told; the key is the anchor's at home. */
export const anchorRegionParameters = (anchor: Anchor, CacheKeyArn: string): Parameters => ({
  CacheKeyArn,
  TargetAccounts: targetAccounts(anchor).join(","),
});

export const targetRegionParameters = ({ account, region }: Anchor): Parameters => ({
  AnchorAccount: account,
  AnchorRegion: region,
});

/** What the environments in the account allow custom artifacts to be handed to. */
export function targetParameters(
  { account: AnchorAccount, environments }: Anchor,
  account: string,
): Parameters {
  const handlers = environments.flatMap((each) => (each.account === account ? (each.handlers ?? []) : []));
  const names = (kind: keyof Handlers): string =>
    [...new Set(handlers.flatMap((each) => each[kind]))].sort().join(",");
  return { AnchorAccount, HandlerProjects: names("projects"), HandlerFunctions: names("functions") };
}
