/**
 * Implements StartPipelineExecution: checks variables and source revisions; a repeated token starts no
 * execution.
 */
import { randomUUID } from "node:crypto";
import type { StartPipelineExecutionInput } from "@aws-sdk/client-codepipeline";
import { AwsError } from "#cloud/kernel/aws-error.ts";
import type { Call } from "#cloud/kernel/service.ts";
import { assumptions } from "#cloud/pipeline/assumptions.ts";
import type { Declaration } from "#cloud/pipeline/declaration.ts";
import type { SourceOverride } from "#cloud/pipeline/execution.ts";
import { access, findPipeline } from "./names.ts";
import type { CodePipelineOperation } from "./operation.ts";
import { engineOf } from "./run.ts";
import { callerOf, defaults } from "./start-defaults.ts";
import type { CodePipelineState } from "./state.ts";

const invalid = (message: string): AwsError => new AwsError("ValidationException", message);

export const startPipelineExecution: CodePipelineOperation<"StartPipelineExecution"> = {
  access: ({ name }, call) => access(call, "StartPipelineExecution", name),
  run: (input, call) => {
    const { name = "", clientRequestToken: token } = input;
    const { declaration } = findPipeline(call, name);
    const request = JSON.stringify([input.variables ?? [], input.sourceRevisions ?? []]);
    const known = token === undefined ? undefined : findRepeatedStart(call, `${name}/${token}`);
    if (known !== undefined) {
      if (known.request === request) return { pipelineExecutionId: known.execution };
      throw new AwsError(
        "ConflictException",
        `The clientRequestToken ${token} was used before in a request with other parameters`,
      );
    }
    const id = randomUUID();
    engineOf(call).drive(
      { account: call.account, region: call.region, pipeline: name },
      {
        kind: "start",
        id,
        trigger: triggerOf(call),
        variables: variablesOf(declaration, input),
        sourceRevisions: overridesOf(declaration, input),
      },
    );
    if (token !== undefined) {
      call.state.tokens.set(`${name}/${token}`, { execution: id, request, at: call.clock.now() });
    }
    return { pipelineExecutionId: id };
  },
};

function findRepeatedStart({ state, clock }: Call<CodePipelineState>, key: string) {
  const known = state.tokens.get(key);
  if (known === undefined) return undefined;
  if (clock.now().getTime() - known.at.getTime() < assumptions.requestTokenHours * 3600_000) return known;
  state.tokens.delete(key);
  return undefined;
}

/** EventBridge starts a pipeline with a role that EventBridge assumed; the trigger then names the rule. */
const triggerOf = (call: Call<CodePipelineState>) => {
  const { principal } = call;
  const invokedBy = principal.kind === "role" ? principal.invokedBy : undefined;
  return principal.kind === "service" || invokedBy?.includes(":events:")
    ? ({
        triggerType: "CloudWatchEvent",
        triggerDetail: invokedBy ?? ("sourceArn" in principal ? (principal.sourceArn ?? "") : ""),
      } as const)
    : ({ triggerType: "StartPipelineExecution", triggerDetail: callerOf(call) } as const);
};

function variablesOf(
  declaration: Declaration,
  { variables = [] }: StartPipelineExecutionInput,
): Readonly<Record<string, string>> {
  const declared = (declaration.variables ?? []).map(({ name }) => name);
  const unknown = variables.map(({ name = "" }) => name).filter((name) => !declared.includes(name));
  if (unknown.length > 0) {
    throw invalid(
      `The following variables are not declared in the pipeline ${declaration.name}: ${unknown.join(", ")}`,
    );
  }
  const values = {
    ...defaults(declaration),
    ...Object.fromEntries(variables.map(({ name = "", value = "" }) => [name, value])),
  };
  const missing = declared.filter((name) => values[name] === undefined);
  if (missing.length > 0) {
    throw invalid(
      `Values are required for the following pipeline variables, which have no default: ${missing.join(", ")}`,
    );
  }
  return values;
}

const revisionTypes: Readonly<Record<string, readonly SourceOverride["revisionType"][]>> = {
  S3: ["S3_OBJECT_VERSION_ID", "S3_OBJECT_KEY"],
  ECR: ["IMAGE_DIGEST"],
  CodeCommit: ["COMMIT_ID"],
  CodeStarSourceConnection: ["COMMIT_ID"],
};

function overridesOf(
  declaration: Declaration,
  { sourceRevisions = [] }: StartPipelineExecutionInput,
): readonly SourceOverride[] {
  const seen = new Set<string>();
  return sourceRevisions.map(({ actionName = "", revisionType = "COMMIT_ID", revisionValue = "" }) => {
    const action = declaration.stages[0]?.actions.find(({ name }) => name === actionName);
    if (action === undefined)
      throw invalid(`The source action ${actionName} does not exist in the pipeline ${declaration.name}`);
    if (!revisionTypes[action.actionTypeId.provider]?.includes(revisionType)) {
      throw invalid(
        `The revision type ${revisionType} is not valid for the source action ${actionName} with the provider ${action.actionTypeId.provider}`,
      );
    }
    if (
      revisionType === "S3_OBJECT_KEY" &&
      action.configuration["AllowOverrideForS3ObjectKey"]?.toLowerCase() !== "true"
    ) {
      throw invalid(
        `The source action ${actionName} does not allow the S3 object key to be overridden: AllowOverrideForS3ObjectKey is not true`,
      );
    }
    if (seen.has(`${actionName}/${revisionType}`))
      throw invalid(`The source action ${actionName} has more than one override of type ${revisionType}`);
    seen.add(`${actionName}/${revisionType}`);
    return { actionName, revisionType, revisionValue };
  });
}
