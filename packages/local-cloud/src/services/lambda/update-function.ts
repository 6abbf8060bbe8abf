/**
 * UpdateFunctionCode and UpdateFunctionConfiguration change `$LATEST`, one call at a time. Each change gets a
 * new revision id.
 */
import { randomUUID } from "node:crypto";
import type * as lambda from "@aws-sdk/client-lambda";
import { AwsError } from "#cloud/kernel/aws-error.ts";
import type { Call, OperationOf } from "#cloud/kernel/service.ts";
import { describeFunction, isActive, isUpdating } from "./describe-function.ts";
import { conflict } from "./errors.ts";
import {
  findFunction,
  findVersion,
  functionAccess,
  functionArn,
  parseFunctionName,
  versionKey,
} from "./function-name.ts";
import { layerAccess } from "./layer-arn.ts";
import { publish } from "./publish-version.ts";
import { readCode } from "./read-code.ts";
import { checkRole, passRole, readConfiguration } from "./read-configuration.ts";
import type { LambdaState, Version } from "./state.ts";

export const updateFunctionCode: OperationOf<typeof lambda, LambdaState, "UpdateFunctionCode"> = {
  access: ({ FunctionName }, call) => functionAccess("UpdateFunctionCode", FunctionName, call),
  run: async (input, call) => {
    const { state, latest } = changeable(input.FunctionName, input.RevisionId, call);
    const code = await readCode(input, call);
    const changed: Version = {
      ...latest,
      code,
      ...(input.Architectures !== undefined && { architectures: input.Architectures }),
      ...revision(call),
    };
    if (input.DryRun) return describeFunction(changed, state, call.clock);
    state.versions.set(versionKey(latest.name, "$LATEST"), changed);
    return describeFunction(
      input.Publish ? publish(state, changed, undefined, call) : changed,
      state,
      call.clock,
    );
  },
};

export const updateFunctionConfiguration: OperationOf<
  typeof lambda,
  LambdaState,
  "UpdateFunctionConfiguration"
> = {
  access: ({ FunctionName, Role, Layers = [] }, call) => [
    {
      ...functionAccess("UpdateFunctionConfiguration", FunctionName, call),
      context: { "lambda:Layer": Layers },
    },
    ...(Role === undefined ? [] : [passRole(Role)]),
    ...Layers.map((arn) => layerAccess("GetLayerVersion", arn, call)),
  ],
  run: async (input, call) => {
    const { state, latest } = changeable(input.FunctionName, input.RevisionId, call);
    const configuration = readConfiguration(input);
    if (input.Role !== undefined && input.Role !== latest.role)
      await checkRole(input.Role, functionArn({ ...latest, qualifier: undefined }), call);
    const changed: Version = { ...latest, ...configuration, ...revision(call) };
    state.versions.set(versionKey(latest.name, "$LATEST"), changed);
    return describeFunction(changed, state, call.clock);
  },
};

const revision = ({
  clock,
  cloud,
}: Call<LambdaState>): Pick<Version, "modifiedAt" | "updatedAt" | "revisionId"> => ({
  modifiedAt: clock.now().getTime(),
  updatedAt: clock.now().getTime() + cloud.pace.resource,
  revisionId: randomUUID(),
});

function changeable(
  functionName: string | undefined,
  revisionId: string | undefined,
  call: Call<LambdaState>,
): { readonly state: LambdaState; readonly latest: Version } {
  const name = { ...parseFunctionName(functionName, call), qualifier: undefined };
  const { state } = findFunction(name, call);
  const latest = findVersion(name, call);
  if (!isActive(latest, call.clock))
    throw conflict(
      "The operation cannot be performed at this time. The function is currently in the following state: Pending",
    );
  if (isUpdating(latest, call.clock))
    throw conflict(
      `The operation cannot be performed at this time. An update is in progress for resource: ${functionArn(name)}`,
    );
  if (revisionId !== undefined && revisionId !== latest.revisionId)
    throw new AwsError(
      "PreconditionFailedException",
      "The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to retrieve the latest Revision Id",
      412,
    );
  return { state, latest };
}
