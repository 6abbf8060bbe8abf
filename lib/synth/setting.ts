/** Where a plan is rendered for: what of the anchor account the actions of its pipelines refer to, region by region. */

import type { CfnPipeline } from "aws-cdk-lib/aws-codepipeline";
import { keyIn, roleArn } from "#release/names/arns.ts";
import { cacheBucket, roles } from "#release/names/deployed-names.ts";

export type Setting = {
  readonly account: string;
  readonly region: string;
  readonly cacheBucket: string;
  /** A multi-Region key's ARN: an alias would be looked up in the target's account by actions there. */
  readonly cacheKeyArn: string;
};

/** Where CodePipeline keeps artifacts in a region: the bucket is the anchor's there, its key has the same id everywhere. */
export const artifactStore = (setting: Setting, region: string): CfnPipeline.ArtifactStoreProperty => ({
  type: "S3",
  location: region === setting.region ? setting.cacheBucket : cacheBucket(setting.account, region),
  encryptionKey: { type: "KMS", id: keyIn(setting.cacheKeyArn, region) },
});

export type ActionDeclaration = CfnPipeline.ActionDeclarationProperty;

type Category = "Source" | "Build" | "Test" | "Deploy" | "Invoke" | "Approval";

export const aws = (category: Category, provider: string): CfnPipeline.ActionTypeIdProperty => ({
  category,
  owner: "AWS",
  provider,
  version: "1",
});

export const artifact = (name: string): { readonly name: string } => ({ name });

/** The execution's id, resolved by CodePipeline just before an action runs. */
export const executionId = "#{codepipeline.PipelineExecutionId}";

export const deployRole = (account: string): string => roleArn(account, roles.deploy);
export const executionRole = (account: string): string => roleArn(account, roles.cloudformation);
