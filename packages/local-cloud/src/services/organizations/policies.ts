/** These operations create, update, describe, list and delete service control policies. */
import type { PolicySummary } from "@aws-sdk/client-organizations";
import {
  type ControlPolicyRow,
  FULL_ACCESS,
  fullAccess,
  type OrganizationState,
} from "#cloud/iam/organization-state.ts";
import { checkIdentityPolicy } from "#cloud/iam/policy-checks.ts";
import { AwsError, isAwsError } from "#cloud/kernel/aws-error.ts";
import {
  access,
  arnOf,
  exception,
  managed,
  type OrganizationCall,
  type OrganizationOperation,
} from "./operation.ts";
import { page } from "./paging.ts";
import { randomLabel } from "./units.ts";

const MAX_SIZE = 5120;

export const createPolicy: OrganizationOperation<"CreatePolicy"> = {
  access: (input) => ({ ...access("CreatePolicy"), context: { "organizations:PolicyType": input.Type } }),
  run: ({ Name = "", Description = "", Content = "", Type }, call) => {
    const { state, organization } = managed(call);
    requireType(Type);
    if (!organization.policyTypes.includes("SERVICE_CONTROL_POLICY"))
      throw exception("PolicyTypeNotEnabledException", "The specified policy type isn't currently enabled.");
    checkContent(Content);
    requireFreeName(state, Name);
    const policy: ControlPolicyRow = {
      id: `p-${randomLabel()}`,
      name: Name,
      description: Description,
      content: Content,
      awsManaged: false,
    };
    state.policies.set(policy.id, policy);
    return { Policy: { PolicySummary: summary(policy, call), Content } };
  },
};

export const updatePolicy: OrganizationOperation<"UpdatePolicy"> = {
  access: (input, call) => access("UpdatePolicy", policyArn(call, input.PolicyId)),
  run: ({ PolicyId, Name, Description, Content }, call) => {
    const { state } = managed(call);
    const policy = ownPolicy(state, PolicyId);
    if (Content !== undefined) checkContent(Content);
    if (Name !== undefined && Name !== policy.name) requireFreeName(state, Name);
    const changed: ControlPolicyRow = {
      ...policy,
      name: Name ?? policy.name,
      description: Description ?? policy.description,
      content: Content ?? policy.content,
    };
    state.policies.set(policy.id, changed);
    return { Policy: { PolicySummary: summary(changed, call), Content: changed.content } };
  },
};

export const describePolicy: OrganizationOperation<"DescribePolicy"> = {
  access: (input, call) => access("DescribePolicy", policyArn(call, input.PolicyId)),
  run: ({ PolicyId }, call) => {
    const policy = policyWithId(managed(call).state, PolicyId);
    return { Policy: { PolicySummary: summary(policy, call), Content: policy.content } };
  },
};

export const listPolicies: OrganizationOperation<"ListPolicies"> = {
  access: (input) => ({ ...access("ListPolicies"), context: { "organizations:PolicyType": input.Filter } }),
  run: (input, call) => {
    const { state } = managed(call);
    requireType(input.Filter);
    const { items, next } = page([fullAccess, ...state.policies.values()], input);
    return { Policies: items.map((policy) => summary(policy, call)), ...next };
  },
};

export const deletePolicy: OrganizationOperation<"DeletePolicy"> = {
  access: (input, call) => access("DeletePolicy", policyArn(call, input.PolicyId)),
  run: ({ PolicyId }, call) => {
    const { state } = managed(call);
    const { id } = ownPolicy(state, PolicyId);
    if ([...state.attachments.values()].some((attached) => attached.includes(id)))
      throw exception(
        "PolicyInUseException",
        "The policy is attached to one or more entities. You must detach it from all roots, OUs, and accounts before performing this operation.",
      );
    state.policies.delete(id);
    return {};
  },
};

export function policyWithId(state: OrganizationState, id = ""): ControlPolicyRow {
  const policy = id === FULL_ACCESS ? fullAccess : state.policies.get(id);
  if (policy === undefined)
    throw exception(
      "PolicyNotFoundException",
      "We can't find a policy with the PolicyId that you specified.",
    );
  return policy;
}

export const policyArn = (call: OrganizationCall, id = ""): string =>
  id === FULL_ACCESS
    ? `arn:aws:organizations::aws:policy/service_control_policy/${id}`
    : arnOf(call, "policy", `service_control_policy/${id}`);

export const summary = (policy: ControlPolicyRow, call: OrganizationCall): PolicySummary => ({
  Id: policy.id,
  Arn: policyArn(call, policy.id),
  Name: policy.name,
  Description: policy.description,
  Type: "SERVICE_CONTROL_POLICY",
  AwsManaged: policy.awsManaged,
});

function ownPolicy(state: OrganizationState, id: string | undefined): ControlPolicyRow {
  const policy = policyWithId(state, id);
  if (policy.awsManaged)
    throw new AwsError(
      "InvalidInputException",
      "You specified a policy that is managed by AWS and can't be modified.",
      400,
      { Reason: "IMMUTABLE_POLICY" },
    );
  return policy;
}

function requireFreeName(state: OrganizationState, name: string): void {
  if ([fullAccess, ...state.policies.values()].some((policy) => policy.name === name))
    throw exception("DuplicatePolicyException", "A policy with the same name already exists.");
}

export function requireType(type: string | undefined): void {
  if (type !== "SERVICE_CONTROL_POLICY")
    throw exception(
      "PolicyTypeNotAvailableForOrganizationException",
      `The embedded cloud enforces SERVICE_CONTROL_POLICY only, not ${type}.`,
    );
}

function checkContent(content: string): void {
  if (content.length > MAX_SIZE)
    throw exception(
      "ConstraintViolationException",
      `You have exceeded the maximum size of ${MAX_SIZE} bytes for a policy document.`,
    );
  try {
    checkIdentityPolicy(content);
  } catch (error) {
    if (!isAwsError(error)) throw error;
    throw exception(
      "MalformedPolicyDocumentException",
      `The provided policy document does not meet the requirements of the specified policy type: ${error.message}`,
    );
  }
}
