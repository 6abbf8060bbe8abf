/**
 * GetFunction, GetFunctionConfiguration, ListFunctions and ListVersionsByFunction return stored functions and
 * versions.
 */
import type * as lambda from "@aws-sdk/client-lambda";
import type { OperationOf } from "#cloud/kernel/service.ts";
import { describeFunction } from "./describe-function.ts";
import { findFunction, findVersion, functionAccess, parseFunctionName } from "./function-name.ts";
import { page } from "./page.ts";
import type { LambdaState } from "./state.ts";

export const getFunction: OperationOf<typeof lambda, LambdaState, "GetFunction"> = {
  access: ({ FunctionName }, call) => functionAccess("GetFunction", FunctionName, call),
  run: ({ FunctionName, Qualifier }, call) => {
    const name = parseFunctionName(FunctionName, call, Qualifier);
    const { state, row } = findFunction(name, call);
    const version = findVersion(name, call);
    return {
      Configuration: describeFunction(version, state, call.clock, name.qualifier !== undefined),
      Code: {
        RepositoryType: "S3",
        Location: `${call.cloud.endpoint()}/awslambda-${call.region}-tasks/snapshots/${row.name}-${version.code.blob.id}`,
      },
      ...(Object.keys(row.tags).length > 0 && { Tags: { ...row.tags } }),
      ...(row.reserved !== undefined && { Concurrency: { ReservedConcurrentExecutions: row.reserved } }),
    };
  },
};

export const getFunctionConfiguration: OperationOf<typeof lambda, LambdaState, "GetFunctionConfiguration"> = {
  access: ({ FunctionName }, call) => functionAccess("GetFunctionConfiguration", FunctionName, call),
  run: ({ FunctionName, Qualifier }, call) => {
    const name = parseFunctionName(FunctionName, call, Qualifier);
    const { state } = findFunction(name, call);
    return describeFunction(findVersion(name, call), state, call.clock, name.qualifier !== undefined);
  },
};

export const listFunctions: OperationOf<typeof lambda, LambdaState, "ListFunctions"> = {
  access: () => ({ action: "lambda:ListFunctions", resource: "*" }),
  run: ({ FunctionVersion, Marker, MaxItems }, call) => {
    const shown = [...call.state.versions.values()].filter(
      ({ version }) => FunctionVersion === "ALL" || version === "$LATEST",
    );
    const { items, next } = page(shown, ({ name, version }) => `${name}:${version}`, Marker, MaxItems, 50);
    return {
      Functions: items.map((version) =>
        describeFunction(version, call.state, call.clock, FunctionVersion === "ALL"),
      ),
      ...(next && { NextMarker: next }),
    };
  },
};

export const listVersionsByFunction: OperationOf<typeof lambda, LambdaState, "ListVersionsByFunction"> = {
  access: ({ FunctionName }, call) => functionAccess("ListVersionsByFunction", FunctionName, call),
  run: ({ FunctionName, Marker, MaxItems }, call) => {
    const { state, row } = findFunction(parseFunctionName(FunctionName, call), call);
    const mine = [...state.versions.values()].filter(({ name }) => name === row.name);
    const order = ({ version }: { readonly version: string }): string =>
      version === "$LATEST" ? "" : version.padStart(12, "0");
    const { items, next } = page(mine, order, Marker, MaxItems, 50);
    return {
      Versions: items.map((version) => describeFunction(version, state, call.clock, true)),
      ...(next && { NextMarker: next }),
    };
  },
};
