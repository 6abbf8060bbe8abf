/**
 * Defines the rights of the anchors' accounts in the bucket of artifacts: a table of calls, each with its roles and prefixes,
 * and the statements that follow from it. S3 takes 20 KB of policy, so one statement lists the accounts. It allows
 * every call of the table, and denials without a list leave each principal its rows. Across accounts the policy of the role
 * has to allow a call, too.
 */
import { type Condition, roleInTheirAccount, type Statement } from "#constructs/statements.ts";
import { folders, roles } from "#release/names/deployed-names.ts";
import type { ControlPlaneEstate } from "./properties.ts";

/**
 * S3 replaces the variable with the caller's account, so one statement serves every anchor, each below its
 * own prefix.
 */
const ownPrefix = "${aws:PrincipalAccount}/";
const uploads = `${ownPrefix}*`;
const records = `${folders.uploads}${ownPrefix}*`;
const results = `${folders.results}${ownPrefix}*`;
const reviews = `${folders.reviews}${ownPrefix}*`;
const people = `${folders.people}${ownPrefix}*`;

/**
 * The account's own policies decide which of its principals may upload, as for every shared bucket;
 * `kedge-ci` is the role that Kedge brings. The prefix limits all of them to their account.
 */
const wholeAccount = "whole account";

type Right = {
  readonly sid: string;
  readonly names: readonly string[] | typeof wholeAccount;
  readonly actions: readonly string[];
  readonly below: readonly string[];
};

/** No two rows have an action below the same prefix: the denial of one row would concern the other. */
const rights: readonly Right[] = [
  {
    sid: "CiUploads",
    names: wholeAccount,
    actions: ["PutObject", "AbortMultipartUpload", "ListMultipartUploadParts"],
    below: [uploads],
  },
  {
    sid: "AccountReads",
    names: wholeAccount,
    actions: ["GetObject"],
    below: [`${folders.cli}*`, results, reviews],
  },
  { sid: "RecordsAreWritten", names: [roles.reconcile], actions: ["PutObject"], below: [results, people] },
  { sid: "ReviewsAreWritten", names: [roles.prepare], actions: ["PutObject"], below: [reviews] },
  {
    // The policy of each role allows a part of these reads: approvers read names, for example.
    sid: "RecordsAreRead",
    names: [roles.reconcile, roles.execute, roles.approver, roles.operator],
    actions: ["GetObject"],
    below: [records, people],
  },
  {
    sid: "ArtifactsAreRead",
    names: [roles.reconcile, roles.package, roles.smoke, roles.site],
    actions: ["GetObject", "GetObjectVersion"],
    below: [uploads],
  },
  { sid: "HistoryIsRead", names: [roles.operator], actions: ["GetObjectVersion"], below: [results] },
  // DeleteObject without a version id leaves the old versions, and no role may delete versions.
  { sid: "ResultsAreSweptAway", names: [roles.sweep], actions: ["DeleteObject"], below: [results] },
];

/** These roles list each of the prefixes, every other principal of the account the results alone. */
const listers = [roles.reconcile, roles.observe, roles.sweep, roles.execute];
const historians = [roles.operator];
const lists = ["ListBucket", "ListBucketVersions"];
const listed = [uploads, results, records, people];

export function anchorStatements(
  arn: string,
  { central, anchors }: ControlPlaneEstate,
): readonly Statement[] {
  if (anchors.length === 0) return [];
  // The id of an account means the same as the ARN of its root, and is shorter.
  const Principal = { AWS: anchors.map(({ account }) => account) };
  const inS3 = (actions: readonly string[]): readonly string[] => actions.map((action) => `s3:${action}`);
  const objects = (below: readonly string[]): readonly string[] => below.map((prefix) => `${arn}/${prefix}`);
  // The own policies of the central account's roles decide for them.
  const ofAnchors: Condition = { StringNotEquals: { "aws:PrincipalAccount": central } };
  const otherThan = (names: readonly string[]): Condition => ({
    ...ofAnchors,
    ArnNotEquals: { "aws:PrincipalArn": names.map(roleInTheirAccount) },
  });
  const denial = (
    sid: string,
    statement: Pick<Statement, "Action" | "Resource" | "NotResource" | "Condition">,
  ) => ({ Sid: sid, Effect: "Deny", Principal: "*", ...statement }) as const;
  return [
    {
      Sid: "Anchors",
      Effect: "Allow",
      Principal,
      Action: inS3([...unique(rights.flatMap(({ actions }) => actions)), ...lists]),
      Resource: [...objects(unique(rights.flatMap(({ below }) => below))), arn],
    },
    ...[...prefixesByActions()].map(([actions, below], at) =>
      denial(`NowhereElse${at}`, {
        Action: inS3(actions),
        NotResource: objects(below),
        Condition: ofAnchors,
      }),
    ),
    ...rights.flatMap(({ sid, names, actions, below }) =>
      names === wholeAccount
        ? []
        : [denial(sid, { Action: inS3(actions), Resource: objects(below), Condition: otherThan(names) })],
    ),
    denial("AnchorsList", {
      Action: inS3(lists),
      Resource: [arn],
      Condition: { ...ofAnchors, StringNotLike: { "s3:prefix": listed } },
    }),
    denial("AccountListsResults", {
      Action: inS3(["ListBucket"]),
      Resource: [arn],
      Condition: { ...otherThan(listers), StringNotLike: { "s3:prefix": results } },
    }),
    denial("VersionsAreListed", {
      Action: inS3(["ListBucketVersions"]),
      Resource: [arn],
      Condition: otherThan(historians),
    }),
  ];
}

const unique = (values: readonly string[]): readonly string[] => [...new Set(values)];

/** The actions that the table allows below the same prefixes only, with the prefixes. */
function prefixesByActions(): ReadonlyMap<readonly string[], readonly string[]> {
  const actions = unique(rights.flatMap((right) => right.actions));
  const below = (action: string): readonly string[] =>
    unique(rights.filter((right) => right.actions.includes(action)).flatMap((right) => right.below));
  const groups = Map.groupBy(actions, (action) => below(action).join());
  return new Map([...groups.values()].map((names) => [names, below(names[0] ?? "")]));
}
