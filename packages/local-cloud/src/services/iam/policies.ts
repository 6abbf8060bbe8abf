/** Implements managed policies: the account's policies, and the read-only policies that AWS publishes. */
import type { Policy } from "@aws-sdk/client-iam";
import { newUniqueId } from "#cloud/iam/access-key-id.ts";
import type { IamState, PolicyRow, Tag } from "#cloud/iam/iam-state.ts";
import { type ManagedPolicy, managedPolicies, managedPolicy } from "#cloud/iam/managed-policies.ts";
import { checkIdentityPolicy } from "#cloud/iam/policy-checks.ts";
import type { AccessRequest } from "#cloud/kernel/access.ts";
import { checkName, checkPath, policySize } from "./constraints.ts";
import {
  alreadyExists,
  deleteConflict,
  type IamOperation,
  noSuchEntity,
  quotaExceeded,
} from "./operation.ts";
import { page } from "./paging.ts";
import { mergeTags, requestTags } from "./tag-list.ts";

/** A managed policy has at most this many characters, white space not counted (IAM User Guide, "IAM and AWS STS quotas"). */
const MAX_SIZE = 6144;

export const createPolicy: IamOperation<"CreatePolicy"> = {
  access: (input, call) => ({
    action: "iam:CreatePolicy",
    resource: `arn:aws:iam::${call.account}:policy${input.Path ?? "/"}${input.PolicyName}`,
    context: requestTags(input.Tags),
  }),
  run: (input, call) => {
    const { PolicyName: name = "", Path: path = "/", PolicyDocument: document = "" } = input;
    checkName("policyName", name, 128);
    checkPath(path);
    checkPolicyDocument(document);
    const twin = [...call.state.policies.values()].find(
      (policy) => policy.name.toLowerCase() === name.toLowerCase(),
    );
    if (twin !== undefined)
      throw alreadyExists(`A policy called ${name} already exists. Duplicate names are not allowed.`);
    const now = call.clock.now();
    const policy: PolicyRow = {
      name,
      path,
      arn: `arn:aws:iam::${call.account}:policy${path}${name}`,
      id: newUniqueId("ANPA"),
      ...(input.Description !== undefined && { description: input.Description }),
      createDate: now,
      updateDate: now,
      defaultVersion: "v1",
      versions: [{ id: "v1", document, createDate: now }],
      nextVersion: 2,
      tags: mergeTags([], input.Tags),
    };
    call.state.policies.set(policy.arn, policy);
    return { Policy: policyShape(policy, call.state) };
  },
};

export const getPolicy: IamOperation<"GetPolicy"> = {
  access: (input, call) => policyAccess("GetPolicy", input.PolicyArn, call.state),
  run: ({ PolicyArn = "" }, { state }) => {
    const published = managedPolicy(PolicyArn);
    return {
      Policy: published
        ? publishedShape(published, state)
        : { ...policyShape(policyWithArn(state, PolicyArn), state), Tags: tagsOf(state, PolicyArn) },
    };
  },
};

export const listPolicies: IamOperation<"ListPolicies"> = {
  access: () => ({ action: "iam:ListPolicies", resource: "*" }),
  run: (input, { state }) => {
    const { Scope = "All", PathPrefix = "/", OnlyAttached = false } = input;
    const own: readonly PolicyShape[] =
      Scope === "AWS" ? [] : [...state.policies.values()].map((policy) => policyShape(policy, state));
    const aws: readonly PolicyShape[] =
      Scope === "Local" ? [] : [...managedPolicies.values()].map((policy) => publishedShape(policy, state));
    const listed = [...own, ...aws].filter(
      ({ Path, AttachmentCount }) => Path.startsWith(PathPrefix) && (!OnlyAttached || AttachmentCount > 0),
    );
    const { items, truncation } = page(listed, ({ Arn }) => Arn, input);
    return { Policies: items.map(({ Description: _description, ...policy }) => policy), ...truncation };
  },
};

export const deletePolicy: IamOperation<"DeletePolicy"> = {
  access: (input, call) => policyAccess("DeletePolicy", input.PolicyArn, call.state),
  run: ({ PolicyArn }, { state }) => {
    const policy = policyWithArn(state, PolicyArn);
    if (holders(state, policy.arn).length > 0 || boundaryHolders(state, policy.arn).length > 0)
      throw deleteConflict("Cannot delete a policy attached to entities.");
    if (policy.versions.length > 1)
      throw deleteConflict(
        "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy.",
      );
    state.policies.delete(policy.arn);
    return {};
  },
};

export const listEntitiesForPolicy: IamOperation<"ListEntitiesForPolicy"> = {
  access: (input, call) => policyAccess("ListEntitiesForPolicy", input.PolicyArn, call.state),
  run: (input, { state }) => {
    const { PolicyArn = "", EntityFilter, PathPrefix = "/", PolicyUsageFilter } = input;
    if (managedPolicy(PolicyArn) === undefined) policyWithArn(state, PolicyArn);
    const found = (
      PolicyUsageFilter === "PermissionsBoundary"
        ? boundaryHolders(state, PolicyArn)
        : PolicyUsageFilter === "PermissionsPolicy"
          ? holders(state, PolicyArn)
          : [...new Set([...holders(state, PolicyArn), ...boundaryHolders(state, PolicyArn)])]
    ).filter(({ path }) => path.startsWith(PathPrefix));
    const { items, truncation } = page(found, ({ arn }) => arn, input);
    const of = (kind: "role" | "user") =>
      EntityFilter !== undefined && EntityFilter.toLowerCase() !== kind
        ? []
        : items.filter(({ arn }) => arn.includes(`:${kind}/`));
    return {
      PolicyGroups: [],
      PolicyRoles: of("role").map(({ name, id }) => ({ RoleName: name, RoleId: id })),
      PolicyUsers: of("user").map(({ name, id }) => ({ UserName: name, UserId: id })),
      ...truncation,
    };
  },
};

export function checkPolicyDocument(document: string): void {
  checkIdentityPolicy(document);
  if (policySize(document) > MAX_SIZE) throw quotaExceeded("PolicySize", MAX_SIZE);
}

export function policyWithArn(state: IamState, arn = ""): PolicyRow {
  const policy = state.policies.get(arn);
  if (policy === undefined) throw noSuchEntity(`Policy ${arn} was not found.`);
  return policy;
}

export const policyAccess = (action: string, arn: string | undefined, state: IamState): AccessRequest => ({
  action: `iam:${action}`,
  resource: arn ?? "*",
  tags: Object.fromEntries(tagsOf(state, arn ?? "").map(({ Key, Value }) => [Key, Value])),
});

const tagsOf = (state: IamState, arn: string): Tag[] => [...(state.policies.get(arn)?.tags ?? [])];

const entities = (state: IamState) => [...state.roles.values(), ...state.users.values()];
const holders = (state: IamState, arn: string) =>
  entities(state).filter(({ attached }) => attached.includes(arn));
const boundaryHolders = (state: IamState, arn: string) =>
  entities(state).filter(({ boundary }) => boundary === arn);

type PolicyShape = Policy & { Arn: string; Path: string; AttachmentCount: number };

const policyShape = (policy: PolicyRow, state: IamState): PolicyShape => ({
  PolicyName: policy.name,
  PolicyId: policy.id,
  Arn: policy.arn,
  Path: policy.path,
  DefaultVersionId: policy.defaultVersion,
  AttachmentCount: holders(state, policy.arn).length,
  PermissionsBoundaryUsageCount: boundaryHolders(state, policy.arn).length,
  IsAttachable: true,
  ...(policy.description !== undefined && { Description: policy.description }),
  CreateDate: policy.createDate,
  UpdateDate: policy.updateDate,
});

const publishedShape = (policy: ManagedPolicy, state: IamState): PolicyShape => ({
  PolicyName: policy.name,
  // AWS publishes the texts of its policies without their ids, so the id is made from the unique name.
  PolicyId: `ANPA${Buffer.from(policy.name).toString("hex").toUpperCase().padEnd(17, "0").slice(-17)}`,
  Arn: policy.arn,
  Path: policy.path,
  DefaultVersionId: policy.version,
  AttachmentCount: holders(state, policy.arn).length,
  PermissionsBoundaryUsageCount: boundaryHolders(state, policy.arn).length,
  IsAttachable: true,
  CreateDate: policy.createDate,
  UpdateDate: policy.updateDate,
});
