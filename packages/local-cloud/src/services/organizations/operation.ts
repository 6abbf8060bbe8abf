/**
 * Declares the types of Organizations' operations, checks for the management account, and finds the shared
 * state of the organization.
 */
import type * as sdk from "@aws-sdk/client-organizations";
import {
  enrolAccount,
  ORGANIZATION_HOME,
  ORGANIZATION_ID,
  type OrganizationRow,
  type OrganizationState,
} from "#cloud/iam/organization-state.ts";
import type { AccessRequest } from "#cloud/kernel/access.ts";
import { AwsError } from "#cloud/kernel/aws-error.ts";
import type { Call, OperationOf, Operations } from "#cloud/kernel/service.ts";

export type OrganizationCall = Call<OrganizationState>;

export type OrganizationOperation<Name extends keyof Operations<typeof sdk, OrganizationState>> = OperationOf<
  typeof sdk,
  OrganizationState,
  Name
>;

/** Returns the organization. The caller's account joins it here if it is not a member yet. */
export function organizationOf(call: OrganizationCall): {
  readonly state: OrganizationState;
  readonly organization: OrganizationRow;
} {
  const state = call.stateOf(ORGANIZATION_HOME);
  if (call.principal.kind !== "service") enrolAccount(state, { id: call.account, now: call.clock.now() });
  const organization = state.organization.get("organization");
  if (organization === undefined)
    throw new AwsError(
      "AWSOrganizationsNotInUseException",
      "Your account is not a member of an organization.",
    );
  return { state, organization };
}

/** Throws if the caller is not in the management account. AWS checks this after the IAM policies. */
export function managed(call: OrganizationCall): ReturnType<typeof organizationOf> {
  const found = organizationOf(call);
  if (call.principal.kind !== "service" && found.organization.managementAccount !== call.account)
    throw new AwsError("AccessDeniedException", "You don't have permissions to access this resource.");
  return found;
}

export const access = (action: string, resource = "*"): AccessRequest => ({
  action: `organizations:${action}`,
  resource,
});

/** Forms: `account/o-x/1111…`, `ou/o-x/ou-…`, `root/o-x/r-…`, `policy/o-x/service_control_policy/p-…`. */
export const arnOf = (call: OrganizationCall, kind: string, id: string): string => {
  const management =
    call.stateOf(ORGANIZATION_HOME).organization.get("organization")?.managementAccount ?? call.account;
  return `arn:aws:organizations::${management}:${kind}/${ORGANIZATION_ID}/${id}`;
};

/** Builds the ARN of a root, unit or account from its id. */
export const targetArn = (call: OrganizationCall, id = ""): string =>
  arnOf(call, id.startsWith("r-") ? "root" : id.startsWith("ou-") ? "ou" : "account", id);

export const exception = (code: string, message: string): AwsError => new AwsError(code, message);
