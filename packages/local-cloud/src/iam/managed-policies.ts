/**
 * Holds the AWS managed policies that serverless applications and their pipelines attach. Any other ARN
 * does not exist here. The data file next to this one is a gzipped JSON list of the policies that AWS
 * publishes.
 */
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { siblingFile } from "#cloud/kernel/sibling-file.ts";

export type ManagedPolicy = {
  readonly name: string;
  readonly path: string;
  readonly arn: string;
  readonly version: string;
  readonly createDate: Date;
  readonly updateDate: Date;
  readonly document: string;
};

type Published = {
  name: string;
  path: string;
  version: string;
  createDate: string;
  updateDate: string;
  document: string;
};

const published = JSON.parse(
  gunzipSync(readFileSync(siblingFile("managed-policies.gz", import.meta.url))).toString("utf8"),
) as readonly Published[];

export const managedPolicies: ReadonlyMap<string, ManagedPolicy> = new Map(
  published.map((policy) => {
    const arn = `arn:aws:iam::aws:policy${policy.path}${policy.name}`;
    const dates = { createDate: new Date(policy.createDate), updateDate: new Date(policy.updateDate) };
    return [arn, { ...policy, ...dates, arn }];
  }),
);

export const managedPolicy = (arn: string): ManagedPolicy | undefined => managedPolicies.get(arn);
