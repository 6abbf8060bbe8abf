/**
 * Parses a function name, a partial ARN or an ARN, each with a qualifier, and finds the function and the
 * version.
 */
import type { AccessRequest } from "#cloud/kernel/access.ts";
import type { Call } from "#cloud/kernel/service.ts";
import { constraint, functionNotFound } from "./errors.ts";
import type { FunctionRow, LambdaState, Version } from "./state.ts";

type FunctionName = {
  readonly account: string;
  readonly region: string;
  readonly name: string;
  readonly qualifier: string | undefined;
};

export function parseFunctionName(
  text: string | undefined,
  call: Call<LambdaState>,
  qualifier?: string,
): FunctionName {
  const decoded = text ?? "";
  const match =
    /^(?:arn:aws[\w-]*:lambda:([a-z]{2}(?:-[a-z]+)+-\d):)?(?:(\d{12}):)?(?:function:)?([a-zA-Z0-9-_]{1,64})(?::(\$LATEST|[\w-]+))?$/.exec(
      decoded,
    );
  if (match === null)
    throw constraint(
      decoded,
      "functionName",
      "Member must satisfy regular expression pattern: (arn:(aws[a-zA-Z-]*)?:lambda:)?([a-z]{2}(-gov)?-[a-z]+-\\d{1}:)?(\\d{12}:)?(function:)?([a-zA-Z0-9-_]+)(:(\\$LATEST|[a-zA-Z0-9-_]+))?",
    );
  return {
    region: match[1] ?? call.region,
    account: match[2] ?? call.account,
    name: match[3] ?? "",
    qualifier: qualifier ?? match[4],
  };
}

export const functionArn = (
  name: Omit<FunctionName, "qualifier"> & { readonly qualifier?: string | undefined },
): string =>
  `arn:aws:lambda:${name.region}:${name.account}:function:${name.name}${name.qualifier === undefined ? "" : `:${name.qualifier}`}`;

/** The session name is the function name. STS requires at least two characters. */
export const sessionName = (functionName: string): string => functionName.padEnd(2, "_");

export const versionKey = (name: string, version: string): string => `${name}:${version}`;

export function findFunction(
  name: FunctionName,
  call: Call<LambdaState>,
): { readonly state: LambdaState; readonly row: FunctionRow } {
  const state = call.stateOf(name.account, name.region);
  const row = state.functions.get(name.name);
  if (row === undefined) throw functionNotFound(functionArn(name));
  return { state, row };
}

/**
 * Finds the version of a qualifier. For an alias with weights, `chance` (from 0 to 1) selects the version.
 */
export function findVersion(name: FunctionName, call: Call<LambdaState>, chance?: number): Version {
  const { state } = findFunction(name, call);
  const { qualifier = "$LATEST" } = name;
  const alias = state.aliases.get(versionKey(name.name, qualifier));
  let number = alias?.version ?? qualifier;
  if (alias !== undefined && chance !== undefined) {
    let rest = chance;
    for (const [version, weight] of Object.entries(alias.weights)) {
      if (rest < weight) number = version;
      rest -= weight;
    }
  }
  const version = state.versions.get(versionKey(name.name, number));
  if (version === undefined) throw functionNotFound(functionArn(name));
  return version;
}

export function functionAccess(
  action: string,
  text: string | undefined,
  call: Call<LambdaState>,
  qualifier?: string,
): AccessRequest {
  const name = parseFunctionName(text, call, qualifier);
  const row = call.stateOf(name.account, name.region).functions.get(name.name);
  const statements = row?.policies[name.qualifier ?? ""];
  return {
    action: `lambda:${action}`,
    resource: functionArn(
      action === "InvokeFunction" || action === "GetAlias" ? name : { ...name, qualifier: undefined },
    ),
    resourceAccount: name.account,
    ...(row && { tags: row.tags }),
    resourcePolicy:
      statements === undefined
        ? undefined
        : JSON.stringify({ Version: "2012-10-17", Id: "default", Statement: statements }),
  };
}
