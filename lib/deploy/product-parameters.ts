/** Derives the parameters of each product from the estate. */
import type { Anchor, Estate, Handlers } from "#release/estate/estate.ts";
import { regionsOf } from "#release/estate/regional.ts";
import { conditionKeyOf, type SessionNames } from "#release/estate/session-names.ts";
import { artifactBucket, registryBucket } from "#release/names/deployed-names.ts";

type Parameters = Readonly<Record<string, string>>;

export const anchorParameters = ({ central, region }: Estate, anchor: Anchor): Parameters => ({
  CentralAccount: central,
  ArtifactBucket: artifactBucket(central, region),
  RegistryBucket: registryBucket(central, region),
  TargetAccounts: targetAccounts(anchor).join(","),
  ...(regionsOf(anchor).length > 0 && { SeveralRegions: "true" }),
  ...(anchor.uploaders && { CiTrustedPrincipals: anchor.uploaders.join(",") }),
  ...(anchor.approvers && { ApproverTrustedPrincipals: anchor.approvers.join(",") }),
  ...sessionNameParameters(anchor.sessionNames),
});

const sessionNameParameters = ({ uploaders, people }: SessionNames = {}): Parameters => ({
  ...(uploaders !== undefined && { CiSessionName: conditionKeyOf(uploaders) }),
  ...(people !== undefined && { PeopleSessionName: conditionKeyOf(people) }),
});

/** The target accounts without duplicates: an anchor may have all its environments in one account. */
export const targetAccounts = ({ environments }: Anchor): readonly string[] => [
  ...new Set(environments.map(({ account }) => account)),
];

/** The parameters of the templates for other regions. The key belongs to the anchor's own region. */
export const anchorRegionParameters = (anchor: Anchor, CacheKeyArn: string): Parameters => ({
  CacheKeyArn,
  TargetAccounts: targetAccounts(anchor).join(","),
});

export const targetRegionParameters = (estate: Estate, { account, region }: Anchor): Parameters => ({
  AnchorAccount: account,
  AnchorRegion: region,
  ...planImage(estate),
});

/** The first image of the estate's list makes the plans before an approval. */
const planImage = ({ terraform }: Estate): Parameters => {
  const [first] = terraform?.images ?? [];
  return first === undefined ? {} : { PlanImage: first };
};

export function targetParameters(estate: Estate, anchor: Anchor, account: string): Parameters {
  const { projects, functions } = handlersIn(anchor, account);
  return {
    AnchorAccount: anchor.account,
    ExistingFunctions: existingFunctionsIn(anchor, account).join(","),
    HandlerProjects: projects.join(","),
    HandlerFunctions: functions.join(","),
    ...planImage(estate),
  };
}

/** The functions that the environments of the account list, without duplicates. */
const existingFunctionsIn = ({ environments }: Anchor, account: string): readonly string[] =>
  [
    ...new Set(
      environments.flatMap((each) => (each.account === account ? (each.existingFunctions ?? []) : [])),
    ),
  ].sort();

/** The handlers that the environments of the account allow, without duplicates. */
export function handlersIn({ environments }: Anchor, account: string): Handlers {
  const handlers = environments.flatMap((each) => (each.account === account ? (each.handlers ?? []) : []));
  const names = (kind: keyof Handlers): readonly string[] =>
    [...new Set(handlers.flatMap((each) => each[kind]))].sort();
  return { projects: names("projects"), functions: names("functions") };
}
