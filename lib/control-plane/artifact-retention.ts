/**
 * The lifecycle rules of the central bucket. Of overlapping rules S3 applies the shorter time, so each rule has a
 * prefix: the estate shortens the time of artifacts, and never the time of the records.
 */
import type { CfnBucket } from "aws-cdk-lib/aws-s3";
import { folders } from "#release/names/deployed-names.ts";
import type { ControlPlaneEstate } from "./properties.ts";

/**
 * The prefixes of all uploads: a key begins with an account id, and no folder of Kedge begins with a digit. S3's
 * filters have no negation, and a bucket has at most 100 of them, so a filter for each anchor would limit the number of anchors.
 */
export const ofUploads: readonly string[] = [..."0123456789"];

/** An auditor can read a record for at least a year. */
const recordDays = 365;
const records = [folders.results, folders.reviews, folders.uploads];

export const retention = ({
  artifactVersionsDays: days,
  artifactVersionsCount: kept,
}: ControlPlaneEstate["retention"]): readonly CfnBucket.RuleProperty[] => [
  // A deleted version cannot be released again, so this limits how far back a rollback can go.
  ...[...ofUploads, folders.cli].map((prefix) => oldVersionsBelow(prefix, days, kept)),
  ...records.map((prefix) => oldVersionsBelow(prefix, Math.max(recordDays, days))),
  // A deleted name is gone a day later. No role can delete its versions, so this rule does.
  oldVersionsBelow(folders.people, 1),
  { id: "broken-uploads", status: "Enabled", abortIncompleteMultipartUpload: { daysAfterInitiation: 7 } },
];

const oldVersionsBelow = (
  prefix: string,
  noncurrentDays: number,
  newerNoncurrentVersions?: number,
): CfnBucket.RuleProperty => ({
  id: `old-versions-${prefix.replace("/", "")}`,
  status: "Enabled",
  prefix,
  noncurrentVersionExpiration: {
    noncurrentDays,
    ...(newerNoncurrentVersions !== undefined && { newerNoncurrentVersions }),
  },
});
