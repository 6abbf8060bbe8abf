/**
 * Declares the types of the service's operations and calls, and builds the access requests for parameters.
 */
import type * as sdk from "@aws-sdk/client-ssm";
import type { AccessRequest } from "#cloud/kernel/access.ts";
import type { Call, OperationOf, Operations } from "#cloud/kernel/service.ts";
import { locationOf, storedParameter } from "./names.ts";
import { isPublic } from "./public-parameters.ts";
import type { SsmState } from "./state.ts";

export type SsmCall = Call<SsmState>;
export type Op<Name extends keyof Operations<typeof sdk, SsmState>> = OperationOf<typeof sdk, SsmState, Name>;

/**
 * Builds `arn:aws:ssm:R:A:parameter/a/b`. A name without a leading slash gets the slash in its ARN. The ARN of a public
 * parameter has no account.
 */
export const parameterArn = (
  name: string,
  { account, region }: { readonly account: string; readonly region: string },
): string =>
  `arn:aws:ssm:${region}:${isPublic(name) ? "" : account}:parameter${name.startsWith("/") ? "" : "/"}${name}`;

export const onParameter = (action: string, reference: string | undefined, call: SsmCall): AccessRequest => {
  const { name, account, region } = locationOf(reference ?? "", call);
  const parameter = storedParameter(call.stateOf(account, region), name);
  return {
    action: `ssm:${action}`,
    resource: parameterArn(name, { account, region }),
    resourceAccount: account,
    ...(parameter !== undefined && { tags: parameter.tags }),
  };
};
