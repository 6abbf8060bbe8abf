/**
 * AWS::CloudFormation::Macro. CloudFormation finds a macro by its resource, so there is no call. IAM has no action for
 * it (Service Authorization Reference, "AWS CloudFormation").
 */
import type { ResourceType } from "./resource-type.ts";

export const cloudFormationMacro: ResourceType = {
  type: "AWS::CloudFormation::Macro",
  create: async (properties) => ({ physicalId: String(properties["Name"]), attributes: {} }),
  update: async (physicalId) => ({ physicalId, attributes: {} }),
  delete: async () => undefined,
  permissions: [],
};
