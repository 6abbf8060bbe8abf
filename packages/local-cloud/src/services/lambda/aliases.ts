/**
 * CreateAlias, UpdateAlias, GetAlias, ListAliases and DeleteAlias edit aliases. An alias names a version, and
 * with weights a second version.
 */
import { randomUUID } from "node:crypto";
import type * as lambda from "@aws-sdk/client-lambda";
import { AwsError } from "#cloud/kernel/aws-error.ts";
import type { Call, OperationOf } from "#cloud/kernel/service.ts";
import { conflict, constraint, functionNotFound, invalidParameter, notFound } from "./errors.ts";
import { findFunction, functionAccess, functionArn, parseFunctionName, versionKey } from "./function-name.ts";
import { page } from "./page.ts";
import type { Alias, LambdaState } from "./state.ts";

const show = (alias: Alias, functionArnText: string): lambda.AliasConfiguration => ({
  AliasArn: `${functionArnText}:${alias.name}`,
  Name: alias.name,
  FunctionVersion: alias.version,
  Description: alias.description,
  RevisionId: alias.revisionId,
  ...(Object.keys(alias.weights).length > 0 && {
    RoutingConfig: { AdditionalVersionWeights: { ...alias.weights } },
  }),
});

const access =
  (action: string) =>
  (
    { FunctionName, Name }: { FunctionName?: string | undefined; Name?: string | undefined },
    call: Call<LambdaState>,
  ) =>
    functionAccess(action, FunctionName, call, Name);

function find(functionName: string | undefined, alias: string | undefined, call: Call<LambdaState>) {
  const name = parseFunctionName(functionName, call);
  const { state, row } = findFunction({ ...name, qualifier: undefined }, call);
  const found = state.aliases.get(versionKey(row.name, alias ?? ""));
  if (found === undefined) throw notFound(`Cannot find alias arn: ${row.arn}:${alias}`);
  return { state, row, alias: found };
}

function checkWeights(
  state: LambdaState,
  name: string,
  version: string,
  weights: Readonly<Record<string, number>>,
): void {
  for (const number of [version, ...Object.keys(weights)])
    if (!state.versions.has(versionKey(name, number)))
      throw functionNotFound(`${state.functions.get(name)?.arn}:${number}`);
  if (Object.keys(weights).length === 0) return;
  if (Object.keys(weights).length > 1)
    throw invalidParameter("Number of items in AdditionalVersionWeights cannot be greater than 1");
  if (version === "$LATEST")
    throw invalidParameter("$LATEST is not supported for an alias pointing to more than 1 version");
  if (version in weights)
    throw invalidParameter(
      `Invalid function version ${version}. Function version ${version} is already included in routing configuration.`,
    );
  const weight = Object.values(weights)[0] ?? 0;
  if (weight < 0 || weight > 1)
    throw constraint(
      weight,
      "routingConfig.additionalVersionWeights",
      "Map value must satisfy constraint: [Member must have value between 0.0 and 1.0]",
    );
}

export const createAlias: OperationOf<typeof lambda, LambdaState, "CreateAlias"> = {
  access: access("CreateAlias"),
  run: ({ FunctionName, Name = "", FunctionVersion = "", Description = "", RoutingConfig }, call) => {
    const { state, row } = findFunction(
      { ...parseFunctionName(FunctionName, call), qualifier: undefined },
      call,
    );
    if (!/^(?![0-9]+$)[\w-]{1,128}$/.test(Name))
      throw constraint(
        Name,
        "name",
        "Member must satisfy regular expression pattern: (?!^[0-9]+$)([a-zA-Z0-9-_]+)",
      );
    const key = versionKey(row.name, Name);
    if (state.aliases.has(key)) throw conflict(`Alias already exists: ${row.arn}:${Name}`);
    const weights = RoutingConfig?.AdditionalVersionWeights ?? {};
    checkWeights(state, row.name, FunctionVersion, weights);
    const alias: Alias = {
      function: row.name,
      name: Name,
      version: FunctionVersion,
      description: Description,
      weights,
      revisionId: randomUUID(),
    };
    return show(state.aliases.set(key, alias), row.arn);
  },
};

export const updateAlias: OperationOf<typeof lambda, LambdaState, "UpdateAlias"> = {
  access: access("UpdateAlias"),
  run: (input, call) => {
    const { state, row, alias } = find(input.FunctionName, input.Name, call);
    if (input.RevisionId !== undefined && input.RevisionId !== alias.revisionId)
      throw new AwsError(
        "PreconditionFailedException",
        "The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to retrieve the latest Revision Id",
        412,
      );
    const changed: Alias = {
      ...alias,
      version: input.FunctionVersion ?? alias.version,
      description: input.Description ?? alias.description,
      weights: input.RoutingConfig?.AdditionalVersionWeights ?? alias.weights,
      revisionId: randomUUID(),
    };
    checkWeights(state, row.name, changed.version, changed.weights);
    return show(state.aliases.set(versionKey(row.name, alias.name), changed), row.arn);
  },
};

export const getAlias: OperationOf<typeof lambda, LambdaState, "GetAlias"> = {
  access: access("GetAlias"),
  run: ({ FunctionName, Name }, call) => {
    const { row, alias } = find(FunctionName, Name, call);
    return show(alias, row.arn);
  },
};

export const listAliases: OperationOf<typeof lambda, LambdaState, "ListAliases"> = {
  access: ({ FunctionName }, call) => functionAccess("ListAliases", FunctionName, call),
  run: ({ FunctionName, FunctionVersion, Marker, MaxItems }, call) => {
    const name = { ...parseFunctionName(FunctionName, call), qualifier: undefined };
    const { state, row } = findFunction(name, call);
    const mine = [...state.aliases.values()].filter(
      (alias) => alias.function === row.name && (FunctionVersion ?? alias.version) === alias.version,
    );
    const { items, next } = page(mine, (alias) => alias.name, Marker, MaxItems, 50);
    return {
      Aliases: items.map((alias) => show(alias, functionArn(name))),
      ...(next && { NextMarker: next }),
    };
  },
};

export const deleteAlias: OperationOf<typeof lambda, LambdaState, "DeleteAlias"> = {
  access: access("DeleteAlias"),
  run: ({ FunctionName, Name = "" }, call) => {
    const { state, row } = findFunction(
      { ...parseFunctionName(FunctionName, call), qualifier: undefined },
      call,
    );
    state.aliases.delete(versionKey(row.name, Name));
    return {};
  },
};
