/**
 * PublishVersion stores `$LATEST` under the next number, unless it equals the last version. (Lambda API
 * Reference, PublishVersion)
 */
import { randomUUID } from "node:crypto";
import type * as lambda from "@aws-sdk/client-lambda";
import type { Call, OperationOf } from "#cloud/kernel/service.ts";
import { describeFunction, isActive } from "./describe-function.ts";
import { conflict, invalidParameter } from "./errors.ts";
import { findFunction, findVersion, functionAccess, parseFunctionName, versionKey } from "./function-name.ts";
import type { LambdaState, Version } from "./state.ts";

export const publishVersion: OperationOf<typeof lambda, LambdaState, "PublishVersion"> = {
  access: ({ FunctionName }, call) => functionAccess("PublishVersion", FunctionName, call),
  run: ({ FunctionName, CodeSha256, Description }, call) => {
    const name = { ...parseFunctionName(FunctionName, call), qualifier: undefined };
    const { state } = findFunction(name, call);
    const latest = findVersion(name, call);
    if (!isActive(latest, call.clock))
      throw conflict(
        "The operation cannot be performed at this time. The function is currently in the following state: Pending",
      );
    if (CodeSha256 !== undefined && CodeSha256 !== latest.code.sha256)
      throw invalidParameter(
        `CodeSHA256 (${CodeSha256}) is different from current CodeSHA256 in $LATEST (${latest.code.sha256}). Please try again with the CodeSHA256 in $LATEST.`,
      );
    return describeFunction(publish(state, latest, Description, call), state, call.clock);
  },
};

const comparable = ({
  version: _v,
  revisionId: _r,
  modifiedAt: _m,
  activeAt: _a,
  updatedAt: _u,
  description: _d,
  code,
  ...rest
}: Version): string => JSON.stringify({ ...rest, sha256: code.sha256 });

export function publish(
  state: LambdaState,
  latest: Version,
  description: string | undefined,
  call: Call<LambdaState>,
): Version {
  const row = state.functions.get(latest.name);
  if (row === undefined) return latest;
  const last = state.versions.get(versionKey(row.name, String(row.lastVersion)));
  if (last !== undefined && comparable(last) === comparable(latest)) return last;
  const number = row.lastVersion + 1;
  const version: Version = {
    ...latest,
    version: String(number),
    description: description ?? latest.description,
    modifiedAt: call.clock.now().getTime(),
    revisionId: randomUUID(),
  };
  state.functions.set(row.name, { ...row, lastVersion: number });
  return state.versions.set(versionKey(row.name, version.version), version);
}
