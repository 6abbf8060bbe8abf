/**
 * Describes the anchor account that a plan is rendered for: the resources that the actions refer to, region
 * by region.
 */

import type { CfnPipeline } from "aws-cdk-lib/aws-codepipeline";
import { keyIn, roleArn } from "#release/names/arns.ts";
import { cacheBucket, roles } from "#release/names/deployed-names.ts";

export type Setting = {
  readonly account: string;
  readonly region: string;
  readonly cacheBucket: string;
  /**
   * The ARN of a multi-Region key. An alias does not work, because actions in a target resolve it in the
   * target's account.
   */
  readonly cacheKeyArn: string;
};

/** The artifact store of a region: the anchor's bucket there, with a key of the same id in all regions. */
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

/** CodePipeline replaces this variable by the execution's id just before an action runs. */
export const executionId = "#{codepipeline.PipelineExecutionId}";

export const deployRole = (account: string): string => roleArn(account, roles.deploy);
export const executionRole = (account: string): string => roleArn(account, roles.cloudformation);
