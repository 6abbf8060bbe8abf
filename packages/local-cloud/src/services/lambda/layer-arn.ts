/**
 * Parses layer ARNs, finds the layer version, and builds the access request. A layer can belong to another
 * account.
 */
import type { AccessRequest } from "#cloud/kernel/access.ts";
import type { Call } from "#cloud/kernel/service.ts";
import { invalidParameter } from "./errors.ts";
import type { LambdaState, LayerVersion } from "./state.ts";

const PATTERN = /^arn:aws[\w-]*:lambda:([\w-]+):(\d{12}):layer:([\w-]+):(\d+)$/;

export function findLayerVersion(
  arn: string,
  stateOf: Call<LambdaState>["stateOf"],
): LayerVersion | undefined {
  const [, region = "", account = "", layer = "", version = ""] = PATTERN.exec(arn) ?? [];
  return account === "" ? undefined : stateOf(account, region).layers.get(`${layer}:${version}`);
}

export function layerAccess(action: string, arn: string, call: Call<LambdaState>): AccessRequest {
  const account = PATTERN.exec(arn)?.[2];
  if (account === undefined) throw invalidParameter(`Layer version ${arn} does not exist.`);
  const found = findLayerVersion(arn, call.stateOf);
  return {
    action: `lambda:${action}`,
    resource: arn,
    resourceAccount: account,
    resourcePolicy:
      found === undefined || found.policy.length === 0
        ? undefined
        : JSON.stringify({ Version: "2012-10-17", Statement: found.policy }),
  };
}
