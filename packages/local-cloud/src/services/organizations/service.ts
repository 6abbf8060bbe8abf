/**
 * AWS Organizations keeps one organization of all accounts, with units and service control policies. An
 * account joins with its first call.
 */
import * as sdk from "@aws-sdk/client-organizations";
import { enrolAccount, ORGANIZATION_HOME, openOrganizationState } from "#cloud/iam/organization-state.ts";
import { defineService } from "#cloud/kernel/service.ts";
import { describeAccount, listAccounts, listAccountsForParent, moveAccount } from "./accounts.ts";
import { createOrganization, describeOrganization } from "./organization.ts";
import { createPolicy, deletePolicy, describePolicy, listPolicies, updatePolicy } from "./policies.ts";
import {
  attachPolicy,
  detachPolicy,
  listPoliciesForTarget,
  listTargetsForPolicy,
} from "./policy-attachments.ts";
import { disablePolicyType, enablePolicyType, listRoots } from "./roots.ts";
import {
  disableAWSServiceAccess,
  enableAWSServiceAccess,
  listAWSServiceAccessForOrganization,
} from "./service-access.ts";
import { listChildren, listParents } from "./tree.ts";
import {
  createOrganizationalUnit,
  deleteOrganizationalUnit,
  describeOrganizationalUnit,
  listOrganizationalUnitsForParent,
} from "./units.ts";

export const organizations = defineService(
  {
    name: "organizations",
    sdk,
    protocols: ["json-1.1"],
    target: "AWSOrganizationsV20161128",
    global: true,
    state: openOrganizationState,
    start: ({ cloud, clock, stateOf }) => {
      cloud.onCall(({ account }) => {
        if (/^\d{12}$/.test(account) && account !== ORGANIZATION_HOME)
          enrolAccount(stateOf(ORGANIZATION_HOME), { id: account, now: clock.now() });
      });
    },
  },
  {
    AttachPolicy: attachPolicy,
    CreateOrganization: createOrganization,
    CreateOrganizationalUnit: createOrganizationalUnit,
    CreatePolicy: createPolicy,
    DeleteOrganizationalUnit: deleteOrganizationalUnit,
    DeletePolicy: deletePolicy,
    DescribeAccount: describeAccount,
    DescribeOrganization: describeOrganization,
    DescribeOrganizationalUnit: describeOrganizationalUnit,
    DescribePolicy: describePolicy,
    DetachPolicy: detachPolicy,
    DisableAWSServiceAccess: disableAWSServiceAccess,
    DisablePolicyType: disablePolicyType,
    EnableAWSServiceAccess: enableAWSServiceAccess,
    EnablePolicyType: enablePolicyType,
    ListAccounts: listAccounts,
    ListAccountsForParent: listAccountsForParent,
    ListAWSServiceAccessForOrganization: listAWSServiceAccessForOrganization,
    ListChildren: listChildren,
    ListOrganizationalUnitsForParent: listOrganizationalUnitsForParent,
    ListParents: listParents,
    ListPolicies: listPolicies,
    ListPoliciesForTarget: listPoliciesForTarget,
    ListRoots: listRoots,
    ListTargetsForPolicy: listTargetsForPolicy,
    MoveAccount: moveAccount,
    UpdatePolicy: updatePolicy,
  },
);
