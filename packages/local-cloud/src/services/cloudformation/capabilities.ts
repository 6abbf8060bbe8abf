/**
 * Computes the capabilities that a template requires, and rejects a request that does not acknowledge them.
 */
import type { Template } from "#cloud/cloudformation/template.ts";
import { AwsError } from "#cloud/kernel/aws-error.ts";

const named: Readonly<Record<string, string | undefined>> = {
  "AWS::IAM::AccessKey": undefined,
  "AWS::IAM::Group": "GroupName",
  "AWS::IAM::InstanceProfile": "InstanceProfileName",
  "AWS::IAM::ManagedPolicy": "ManagedPolicyName",
  "AWS::IAM::Policy": undefined,
  "AWS::IAM::Role": "RoleName",
  "AWS::IAM::RolePolicy": undefined,
  "AWS::IAM::User": "UserName",
  "AWS::IAM::UserToGroupAddition": undefined,
};

type Needed = { readonly capabilities: readonly string[]; readonly reason: string };

export function neededCapabilities(template: Template): Needed {
  const iam = Object.values(template.Resources).filter((resource) => Object.hasOwn(named, resource.Type));
  if (iam.length === 0) return { capabilities: [], reason: "" };
  const hasName = iam.some((resource) => {
    const property = named[resource.Type];
    return property !== undefined && resource.Properties?.[property] !== undefined;
  });
  const types = [...new Set(iam.map((resource) => resource.Type))];
  return {
    capabilities: [hasName ? "CAPABILITY_NAMED_IAM" : "CAPABILITY_IAM"],
    reason: `The following resource(s) require capabilities: [${types.join(", ")}]`,
  };
}

/**
 * `expands` is true when the template has transforms and the request applies it directly, without a change
 * set.
 */
export function checkCapabilities(template: Template, given: readonly string[], expands: boolean): void {
  const { capabilities } = neededCapabilities(template);
  const missing = capabilities.filter(
    (one) => !given.includes(one) && !(one === "CAPABILITY_IAM" && given.includes("CAPABILITY_NAMED_IAM")),
  );
  if (expands && !given.includes("CAPABILITY_AUTO_EXPAND")) missing.push("CAPABILITY_AUTO_EXPAND");
  if (missing.length > 0) {
    throw new AwsError(
      "InsufficientCapabilitiesException",
      `Requires capabilities : [${missing.join(", ")}]`,
    );
  }
}
