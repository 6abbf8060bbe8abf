/**
 * Builds the ARNs and access requests of pipelines, stages, actions and action types, and the errors of
 * missing ones.
 */

import type { AccessRequest } from "#cloud/kernel/access.ts";
import { AwsError } from "#cloud/kernel/aws-error.ts";
import type { Call } from "#cloud/kernel/service.ts";
import type { Stage } from "#cloud/pipeline/declaration.ts";
import type { CodePipelineState, PipelineRow } from "./state.ts";

export type Location = { readonly account: string; readonly region: string };

export const pipelineArn = ({ account, region }: Location, ...path: readonly string[]): string =>
  `arn:aws:codepipeline:${region}:${account}:${path.join("/")}`;

export const actionTypeArn = (
  { account, region }: Location,
  type: {
    readonly owner?: string | undefined;
    readonly category?: string | undefined;
    readonly provider?: string | undefined;
    readonly version?: string | undefined;
  },
): string =>
  `arn:aws:codepipeline:${region}:${account}:actiontype:${type.owner ?? "Custom"}/${type.category ?? ""}/${type.provider ?? ""}/${type.version ?? ""}`;

/** Returns the access request for a pipeline, or for one of its stages or actions. */
export function access(
  call: Call<CodePipelineState>,
  action: string,
  pipeline: string | undefined,
  ...path: readonly (string | undefined)[]
): AccessRequest {
  const tags = call.state.pipelines.get(pipeline ?? "")?.tags;
  return {
    action: `codepipeline:${action}`,
    resource: pipelineArn(call, pipeline ?? "", ...path.map((part) => part ?? "")),
    ...(tags && { tags }),
  };
}

/** Returns the access request of an IAM action without resource-level permissions. */
export const accessAll = (action: string): AccessRequest => ({
  action: `codepipeline:${action}`,
  resource: "*",
});

export function findPipeline(call: Call<CodePipelineState>, name: string | undefined): PipelineRow {
  const row = call.state.pipelines.get(name ?? "");
  if (row !== undefined) return row;
  throw new AwsError(
    "PipelineNotFoundException",
    `Account '${call.account}' does not have a pipeline with name '${name ?? ""}'`,
  );
}

export function findStage(row: PipelineRow, name: string | undefined): Stage {
  const stage = row.declaration.stages.find((candidate) => candidate.name === name);
  if (stage !== undefined) return stage;
  throw new AwsError(
    "StageNotFoundException",
    `Stage '${name ?? ""}' could not be found in the pipeline '${row.declaration.name}'`,
  );
}
