/**
 * Returns a policy of a template as the text that services take. A template gives it as an object or as JSON text
 * (CloudFormation Template Reference, `PolicyDocument`: "Json").
 */
import type { Json } from "#cloud/cloudformation/json.ts";

export const policyText = (policy: Json | undefined): string =>
  typeof policy === "string" ? policy : JSON.stringify(policy);
