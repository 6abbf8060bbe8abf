/**
 * DescribeOrganization returns the organization. It always exists, so CreateOrganization fails; its first
 * account is the management account.
 */
import type { Organization } from "@aws-sdk/client-organizations";
import { ORGANIZATION_ID } from "#cloud/iam/organization-state.ts";
import {
  access,
  arnOf,
  exception,
  type OrganizationCall,
  type OrganizationOperation,
  organizationOf,
} from "./operation.ts";

export const describeOrganization: OrganizationOperation<"DescribeOrganization"> = {
  access: () => access("DescribeOrganization"),
  run: (_input, call) => ({ Organization: shape(call) }),
};

export const createOrganization: OrganizationOperation<"CreateOrganization"> = {
  access: () => access("CreateOrganization"),
  run: (_input, call) => {
    organizationOf(call);
    throw exception(
      "AlreadyInOrganizationException",
      "The provided account is already a member of an organization.",
    );
  },
};

function shape(call: OrganizationCall): Organization {
  const { state, organization } = organizationOf(call);
  const management = organization.managementAccount;
  return {
    Id: ORGANIZATION_ID,
    Arn: `arn:aws:organizations::${management}:organization/${ORGANIZATION_ID}`,
    FeatureSet: "ALL",
    MasterAccountId: management,
    MasterAccountArn: arnOf(call, "account", management),
    MasterAccountEmail: state.accounts.get(management)?.email,
    AvailablePolicyTypes: [{ Type: "SERVICE_CONTROL_POLICY", Status: "ENABLED" }],
  };
}
