/**
 * These operations set a function's reserved concurrency and its asynchronous invocation. GetAccountSettings
 * returns the account's limits.
 */
import type * as lambda from "@aws-sdk/client-lambda";
import type { Call, OperationOf } from "#cloud/kernel/service.ts";
import { constraint, invalidParameter, notFound } from "./errors.ts";
import {
  findFunction,
  findVersion,
  functionAccess,
  functionArn,
  parseFunctionName,
  versionKey,
} from "./function-name.ts";
import type { InvokeConfig, LambdaState } from "./state.ts";

/**
 * An account starts with 1,000 concurrent executions. 100 of them stay for functions without a reservation
 * (Lambda Developer Guide, "Configuring reserved concurrency for a function").
 */
const ACCOUNT_CONCURRENCY = 1000;
const UNRESERVED_MINIMUM = 100;

export const putFunctionConcurrency: OperationOf<typeof lambda, LambdaState, "PutFunctionConcurrency"> = {
  access: ({ FunctionName }, call) => functionAccess("PutFunctionConcurrency", FunctionName, call),
  run: ({ FunctionName, ReservedConcurrentExecutions: reserved = 0 }, call) => {
    const { state, row } = findFunction(parseFunctionName(FunctionName, call), call);
    if (reserved < 0)
      throw constraint(
        reserved,
        "reservedConcurrentExecutions",
        "Member must have value greater than or equal to 0",
      );
    const others = [...state.functions.values()].reduce(
      (sum, other) => sum + (other.name === row.name ? 0 : (other.reserved ?? 0)),
      0,
    );
    if (ACCOUNT_CONCURRENCY - others - reserved < UNRESERVED_MINIMUM)
      throw invalidParameter(
        `Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [${UNRESERVED_MINIMUM}].`,
      );
    state.functions.set(row.name, { ...row, reserved });
    return { ReservedConcurrentExecutions: reserved };
  },
};

export const getFunctionConcurrency: OperationOf<typeof lambda, LambdaState, "GetFunctionConcurrency"> = {
  access: ({ FunctionName }, call) => functionAccess("GetFunctionConcurrency", FunctionName, call),
  run: ({ FunctionName }, call) => {
    const { row } = findFunction(parseFunctionName(FunctionName, call), call);
    return row.reserved === undefined ? {} : { ReservedConcurrentExecutions: row.reserved };
  },
};

export const deleteFunctionConcurrency: OperationOf<typeof lambda, LambdaState, "DeleteFunctionConcurrency"> =
  {
    access: ({ FunctionName }, call) => functionAccess("DeleteFunctionConcurrency", FunctionName, call),
    run: ({ FunctionName }, call) => {
      const { state, row } = findFunction(parseFunctionName(FunctionName, call), call);
      const { reserved: _reserved, ...rest } = row;
      state.functions.set(row.name, rest);
      return {};
    },
  };

export const getAccountSettings: OperationOf<typeof lambda, LambdaState, "GetAccountSettings"> = {
  access: () => ({ action: "lambda:GetAccountSettings", resource: "*" }),
  run: (_input, { state }) => {
    const rows = [...state.functions.values()];
    return {
      AccountLimit: {
        TotalCodeSize: 322_122_547_200,
        CodeSizeUnzipped: 262_144_000,
        CodeSizeZipped: 52_428_800,
        ConcurrentExecutions: ACCOUNT_CONCURRENCY,
        UnreservedConcurrentExecutions:
          ACCOUNT_CONCURRENCY - rows.reduce((sum, { reserved = 0 }) => sum + reserved, 0),
      },
      AccountUsage: {
        TotalCodeSize: [...state.versions.values()].reduce((sum, { code }) => sum + code.size, 0),
        FunctionCount: rows.length,
      },
    };
  },
};

type ConfigMembers = Pick<
  lambda.PutFunctionEventInvokeConfigCommandInput,
  "FunctionName" | "Qualifier" | "MaximumRetryAttempts" | "MaximumEventAgeInSeconds" | "DestinationConfig"
>;

function locate(
  input: { FunctionName?: string | undefined; Qualifier?: string | undefined },
  call: Call<LambdaState>,
) {
  const name = parseFunctionName(input.FunctionName, call, input.Qualifier);
  const { state } = findFunction(name, call);
  findVersion(name, call);
  const qualifier = name.qualifier ?? "$LATEST";
  return {
    state,
    name: name.name,
    qualifier,
    key: versionKey(name.name, qualifier),
    arn: functionArn({ ...name, qualifier }),
  };
}

function read(input: ConfigMembers, name: string, qualifier: string, now: number): InvokeConfig {
  const { MaximumRetryAttempts: retries, MaximumEventAgeInSeconds: age, DestinationConfig } = input;
  if (retries !== undefined && (retries < 0 || retries > 2))
    throw constraint(retries, "maximumRetryAttempts", "Member must have value between 0 and 2");
  if (age !== undefined && (age < 60 || age > 21_600))
    throw constraint(age, "maximumEventAgeInSeconds", "Member must have value between 60 and 21600");
  return {
    function: name,
    qualifier,
    modifiedAt: now,
    ...(retries !== undefined && { maximumRetries: retries }),
    ...(age !== undefined && { maximumAgeSeconds: age }),
    ...(DestinationConfig?.OnSuccess?.Destination && { onSuccess: DestinationConfig.OnSuccess.Destination }),
    ...(DestinationConfig?.OnFailure?.Destination && { onFailure: DestinationConfig.OnFailure.Destination }),
  };
}

const show = (config: InvokeConfig, arn: string) => ({
  FunctionArn: arn,
  LastModified: new Date(config.modifiedAt),
  MaximumRetryAttempts: config.maximumRetries,
  MaximumEventAgeInSeconds: config.maximumAgeSeconds,
  DestinationConfig: {
    OnSuccess: config.onSuccess === undefined ? {} : { Destination: config.onSuccess },
    OnFailure: config.onFailure === undefined ? {} : { Destination: config.onFailure },
  },
});

export const putFunctionEventInvokeConfig: OperationOf<
  typeof lambda,
  LambdaState,
  "PutFunctionEventInvokeConfig"
> = {
  access: ({ FunctionName }, call) => functionAccess("PutFunctionEventInvokeConfig", FunctionName, call),
  run: (input, call) => {
    const { state, name, qualifier, key, arn } = locate(input, call);
    return show(state.invokeConfigs.set(key, read(input, name, qualifier, call.clock.now().getTime())), arn);
  },
};

const missing = (arn: string) => notFound(`The function ${arn} doesn't have an EventInvokeConfig`);

export const updateFunctionEventInvokeConfig: OperationOf<
  typeof lambda,
  LambdaState,
  "UpdateFunctionEventInvokeConfig"
> = {
  access: ({ FunctionName }, call) => functionAccess("UpdateFunctionEventInvokeConfig", FunctionName, call),
  run: (input, call) => {
    const { state, name, qualifier, key, arn } = locate(input, call);
    const current = state.invokeConfigs.get(key);
    if (current === undefined) throw missing(arn);
    const changed = { ...current, ...read(input, name, qualifier, call.clock.now().getTime()) };
    return show(state.invokeConfigs.set(key, changed), arn);
  },
};

export const getFunctionEventInvokeConfig: OperationOf<
  typeof lambda,
  LambdaState,
  "GetFunctionEventInvokeConfig"
> = {
  access: ({ FunctionName }, call) => functionAccess("GetFunctionEventInvokeConfig", FunctionName, call),
  run: (input, call) => {
    const { state, key, arn } = locate(input, call);
    const config = state.invokeConfigs.get(key);
    if (config === undefined) throw missing(arn);
    return show(config, arn);
  },
};

export const deleteFunctionEventInvokeConfig: OperationOf<
  typeof lambda,
  LambdaState,
  "DeleteFunctionEventInvokeConfig"
> = {
  access: ({ FunctionName }, call) => functionAccess("DeleteFunctionEventInvokeConfig", FunctionName, call),
  run: (input, call) => {
    const { state, key, arn } = locate(input, call);
    if (!state.invokeConfigs.delete(key)) throw missing(arn);
    return {};
  },
};

export const listFunctionEventInvokeConfigs: OperationOf<
  typeof lambda,
  LambdaState,
  "ListFunctionEventInvokeConfigs"
> = {
  access: ({ FunctionName }, call) => functionAccess("ListFunctionEventInvokeConfigs", FunctionName, call),
  run: ({ FunctionName }, call) => {
    const { state, row } = findFunction(parseFunctionName(FunctionName, call), call);
    return {
      FunctionEventInvokeConfigs: [...state.invokeConfigs.values()]
        .filter((config) => config.function === row.name)
        .map((config) => show(config, `${row.arn}:${config.qualifier}`)),
    };
  },
};
