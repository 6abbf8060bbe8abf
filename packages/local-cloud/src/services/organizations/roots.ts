/** These operations list the organization's only root, and enable and disable policy types for it. */
import type { PolicyType, Root } from "@aws-sdk/client-organizations";
import { ROOT_ID } from "#cloud/iam/organization-state.ts";
import {
  access,
  arnOf,
  exception,
  managed,
  type OrganizationCall,
  type OrganizationOperation,
} from "./operation.ts";

export const listRoots: OrganizationOperation<"ListRoots"> = {
  access: () => access("ListRoots"),
  run: (_input, call) => ({ Roots: [shape(call)] }),
};

export const enablePolicyType: OrganizationOperation<"EnablePolicyType"> = {
  access: (_input, call) => access("EnablePolicyType", arnOf(call, "root", ROOT_ID)),
  run: ({ RootId, PolicyType }, call) => {
    const { state, organization } = managed(call);
    requireRoot(RootId);
    if (PolicyType !== "SERVICE_CONTROL_POLICY")
      throw exception(
        "PolicyTypeNotAvailableForOrganizationException",
        `The embedded cloud enforces SERVICE_CONTROL_POLICY only, not ${PolicyType}.`,
      );
    if (organization.policyTypes.includes(PolicyType))
      throw exception("PolicyTypeAlreadyEnabledException", "The specified policy type is already enabled.");
    state.organization.set("organization", {
      ...organization,
      policyTypes: [...organization.policyTypes, PolicyType],
    });
    return { Root: shape(call) };
  },
};

export const disablePolicyType: OrganizationOperation<"DisablePolicyType"> = {
  access: (_input, call) => access("DisablePolicyType", arnOf(call, "root", ROOT_ID)),
  run: ({ RootId, PolicyType }, call) => {
    const { state, organization } = managed(call);
    requireRoot(RootId);
    if (PolicyType === undefined || !organization.policyTypes.includes(PolicyType))
      throw exception("PolicyTypeNotEnabledException", "The specified policy type isn't currently enabled.");
    state.organization.set("organization", {
      ...organization,
      policyTypes: organization.policyTypes.filter((type) => type !== PolicyType),
    });
    return { Root: shape(call) };
  },
};

function requireRoot(id: string | undefined): void {
  if (id !== ROOT_ID) throw exception("RootNotFoundException", "You specified a root that does not exist.");
}

const shape = (call: OrganizationCall): Root => ({
  Id: ROOT_ID,
  Arn: arnOf(call, "root", ROOT_ID),
  Name: "Root",
  PolicyTypes: managed(call).organization.policyTypes.map((type) => ({
    Type: type as PolicyType,
    Status: "ENABLED",
  })),
});
