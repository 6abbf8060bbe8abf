/**
 * Implements the versions of managed policies: at most five, of which one is the default version (IAM User
 * Guide, "IAM and AWS STS quotas").
 */
import type { PolicyVersion } from "#cloud/iam/iam-state.ts";
import { managedPolicy } from "#cloud/iam/managed-policies.ts";
import { deleteConflict, type IamOperation, limitExceeded, noSuchEntity } from "./operation.ts";
import { page } from "./paging.ts";
import { checkPolicyDocument, policyAccess, policyWithArn } from "./policies.ts";

const MAX_VERSIONS = 5;

export const createPolicyVersion: IamOperation<"CreatePolicyVersion"> = {
  access: (input, call) => policyAccess("CreatePolicyVersion", input.PolicyArn, call.state),
  run: ({ PolicyArn, PolicyDocument: document = "", SetAsDefault = false }, { state, clock }) => {
    const policy = policyWithArn(state, PolicyArn);
    checkPolicyDocument(document);
    if (policy.versions.length >= MAX_VERSIONS)
      throw limitExceeded(
        "A managed policy can have up to 5 versions. Before you create a new version, you must delete an existing version.",
      );
    const version: PolicyVersion = { id: `v${policy.nextVersion}`, document, createDate: clock.now() };
    state.policies.set(policy.arn, {
      ...policy,
      versions: [...policy.versions, version],
      nextVersion: policy.nextVersion + 1,
      updateDate: clock.now(),
      ...(SetAsDefault && { defaultVersion: version.id }),
    });
    return {
      PolicyVersion: {
        VersionId: version.id,
        IsDefaultVersion: SetAsDefault,
        CreateDate: version.createDate,
      },
    };
  },
};

export const getPolicyVersion: IamOperation<"GetPolicyVersion"> = {
  access: (input, call) => policyAccess("GetPolicyVersion", input.PolicyArn, call.state),
  run: ({ PolicyArn = "", VersionId = "" }, { state }) => {
    const published = managedPolicy(PolicyArn);
    if (published !== undefined) {
      if (VersionId !== published.version) throw noVersion(PolicyArn, VersionId);
      return {
        PolicyVersion: {
          Document: encodeURIComponent(published.document),
          VersionId,
          IsDefaultVersion: true,
          CreateDate: published.updateDate,
        },
      };
    }
    const policy = policyWithArn(state, PolicyArn);
    const version = policy.versions.find(({ id }) => id === VersionId);
    if (version === undefined) throw noVersion(PolicyArn, VersionId);
    return {
      PolicyVersion: {
        Document: encodeURIComponent(version.document),
        VersionId,
        IsDefaultVersion: policy.defaultVersion === VersionId,
        CreateDate: version.createDate,
      },
    };
  },
};

export const listPolicyVersions: IamOperation<"ListPolicyVersions"> = {
  access: (input, call) => policyAccess("ListPolicyVersions", input.PolicyArn, call.state),
  run: (input, { state }) => {
    const { PolicyArn = "" } = input;
    const published = managedPolicy(PolicyArn);
    const policy = published === undefined ? policyWithArn(state, PolicyArn) : undefined;
    const versions = policy?.versions ?? [
      { id: published?.version ?? "", document: "", createDate: published?.updateDate ?? new Date(0) },
    ];
    const current = policy?.defaultVersion ?? published?.version;
    // AWS lists the newest version first.
    const age = (id: string): string => String(1_000_000 - Number(id.slice(1))).padStart(7, "0");
    const { items, truncation } = page(versions, ({ id }) => age(id), input);
    return {
      Versions: items.map(({ id, createDate }) => ({
        VersionId: id,
        IsDefaultVersion: id === current,
        CreateDate: createDate,
      })),
      ...truncation,
    };
  },
};

export const setDefaultPolicyVersion: IamOperation<"SetDefaultPolicyVersion"> = {
  access: (input, call) => policyAccess("SetDefaultPolicyVersion", input.PolicyArn, call.state),
  run: ({ PolicyArn, VersionId = "" }, { state, clock }) => {
    const policy = policyWithArn(state, PolicyArn);
    if (!policy.versions.some(({ id }) => id === VersionId)) throw noVersion(policy.arn, VersionId);
    state.policies.set(policy.arn, { ...policy, defaultVersion: VersionId, updateDate: clock.now() });
    return {};
  },
};

export const deletePolicyVersion: IamOperation<"DeletePolicyVersion"> = {
  access: (input, call) => policyAccess("DeletePolicyVersion", input.PolicyArn, call.state),
  run: ({ PolicyArn, VersionId = "" }, { state, clock }) => {
    const policy = policyWithArn(state, PolicyArn);
    if (!policy.versions.some(({ id }) => id === VersionId)) throw noVersion(policy.arn, VersionId);
    if (policy.defaultVersion === VersionId)
      throw deleteConflict("Cannot delete the default version of a policy.");
    state.policies.set(policy.arn, {
      ...policy,
      versions: policy.versions.filter(({ id }) => id !== VersionId),
      updateDate: clock.now(),
    });
    return {};
  },
};

const noVersion = (arn: string, version: string) =>
  noSuchEntity(`Policy ${arn} version ${version} does not exist or is not attachable.`);
