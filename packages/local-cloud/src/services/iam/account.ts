/** Implements GetAccountSummary, which counts the entities of an account, and ListAccountAliases. */
import type { IamOperation } from "./operation.ts";

export const getAccountSummary: IamOperation<"GetAccountSummary"> = {
  access: () => ({ action: "iam:GetAccountSummary", resource: "*" }),
  run: (_input, { state }) => ({
    SummaryMap: {
      Users: state.users.size,
      UsersQuota: 5000,
      Roles: state.roles.size,
      RolesQuota: 1000,
      Policies: state.policies.size,
      PoliciesQuota: 1500,
      InstanceProfiles: state.instanceProfiles.size,
      InstanceProfilesQuota: 1000,
      Providers: state.providers.size,
      PolicyVersionsInUse: [...state.policies.values()].reduce(
        (sum, { versions }) => sum + versions.length,
        0,
      ),
      PolicyVersionsInUseQuota: 10_000,
      VersionsPerPolicyQuota: 5,
      AttachedPoliciesPerRoleQuota: 10,
      AttachedPoliciesPerUserQuota: 10,
      AssumeRolePolicySizeQuota: 2048,
      PolicySizeQuota: 6144,
      RolePolicySizeQuota: 10_240,
      UserPolicySizeQuota: 2048,
      AccessKeysPerUserQuota: 2,
      AccountAccessKeysPresent: 0,
      AccountMFAEnabled: 0,
    },
  }),
};

/** Returns no aliases, because this cloud has no operation that creates one. */
export const listAccountAliases: IamOperation<"ListAccountAliases"> = {
  access: () => ({ action: "iam:ListAccountAliases", resource: "*" }),
  run: () => ({ AccountAliases: [], IsTruncated: false }),
};
