/** These operations store function URL configurations. The embedded cloud serves no requests at the URL. */
import type * as lambda from "@aws-sdk/client-lambda";
import type { Call, OperationOf } from "#cloud/kernel/service.ts";
import { conflict, notFound } from "./errors.ts";
import { findFunction, functionAccess, functionArn, parseFunctionName, versionKey } from "./function-name.ts";
import type { LambdaState, UrlConfig } from "./state.ts";

type Named = { readonly FunctionName?: string | undefined; readonly Qualifier?: string | undefined };

const access =
  (action: string) =>
  ({ FunctionName }: Named, call: Call<LambdaState>) =>
    functionAccess(action, FunctionName, call);

function locate({ FunctionName, Qualifier }: Named, call: Call<LambdaState>) {
  const name = parseFunctionName(FunctionName, call, Qualifier);
  const { state } = findFunction(name, call);
  return { state, name, key: versionKey(name.name, name.qualifier ?? ""), arn: functionArn(name) };
}

function find(input: Named, call: Call<LambdaState>) {
  const found = locate(input, call);
  const config = found.state.urls.get(found.key);
  if (config === undefined) throw notFound("The resource you requested does not exist.");
  return { ...found, config };
}

const show = (config: UrlConfig, arn: string) => ({
  FunctionUrl: config.url,
  FunctionArn: arn,
  AuthType: config.authType === "NONE" ? ("NONE" as const) : ("AWS_IAM" as const),
  ...(config.cors !== undefined && { Cors: { ...config.cors } }),
  CreationTime: new Date(config.createdAt).toISOString(),
  LastModifiedTime: new Date(config.modifiedAt).toISOString(),
  InvokeMode: config.invokeMode === "RESPONSE_STREAM" ? ("RESPONSE_STREAM" as const) : ("BUFFERED" as const),
});

export const createFunctionUrlConfig: OperationOf<typeof lambda, LambdaState, "CreateFunctionUrlConfig"> = {
  access: access("CreateFunctionUrlConfig"),
  run: (input, call) => {
    const { state, name, key, arn } = locate(input, call);
    if (state.urls.has(key)) throw conflict(`FunctionUrlConfig exists for this Lambda function`);
    const now = call.clock.now().getTime();
    const id = Buffer.from(arn).toString("hex").slice(-32);
    const config: UrlConfig = {
      function: name.name,
      qualifier: name.qualifier,
      url: `https://${id}.lambda-url.${call.region}.on.aws/`,
      authType: input.AuthType ?? "AWS_IAM",
      invokeMode: input.InvokeMode ?? "BUFFERED",
      cors: input.Cors as UrlConfig["cors"],
      createdAt: now,
      modifiedAt: now,
    };
    return show(state.urls.set(key, config), arn);
  },
};

export const getFunctionUrlConfig: OperationOf<typeof lambda, LambdaState, "GetFunctionUrlConfig"> = {
  access: access("GetFunctionUrlConfig"),
  run: (input, call) => {
    const { config, arn } = find(input, call);
    return show(config, arn);
  },
};

export const updateFunctionUrlConfig: OperationOf<typeof lambda, LambdaState, "UpdateFunctionUrlConfig"> = {
  access: access("UpdateFunctionUrlConfig"),
  run: (input, call) => {
    const { state, key, arn, config } = find(input, call);
    const changed: UrlConfig = {
      ...config,
      authType: input.AuthType ?? config.authType,
      invokeMode: input.InvokeMode ?? config.invokeMode,
      cors: (input.Cors as UrlConfig["cors"]) ?? config.cors,
      modifiedAt: call.clock.now().getTime(),
    };
    return show(state.urls.set(key, changed), arn);
  },
};

export const deleteFunctionUrlConfig: OperationOf<typeof lambda, LambdaState, "DeleteFunctionUrlConfig"> = {
  access: access("DeleteFunctionUrlConfig"),
  run: (input, call) => {
    const { state, key } = find(input, call);
    state.urls.delete(key);
    return {};
  },
};
