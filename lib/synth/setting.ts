/** Where a plan is rendered for: what of the anchor account the actions of its pipelines refer to. */

import type { CfnPipeline } from "aws-cdk-lib/aws-codepipeline";
import { places, roleArn } from "#release/places.ts";

export type Setting = {
  readonly account: string;
  readonly region: string;
  readonly cacheBucket: string;
  /** The key's ARN: an alias would be looked up in the target's account by actions there. */
  readonly cacheKeyArn: string;
};

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

export const deployRole = (account: string): string => roleArn(account, places.deployRole);
export const executionRole = (account: string): string => roleArn(account, places.executionRole);
