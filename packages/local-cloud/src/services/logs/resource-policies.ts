/** These operations edit resource policies, which let AWS services write to the account's log groups. */
import type * as logs from "@aws-sdk/client-cloudwatch-logs";
import { AwsError } from "#cloud/kernel/aws-error.ts";
import type { OperationOf } from "#cloud/kernel/service.ts";
import { invalid } from "./find-group.ts";
import type { LogsState } from "./state.ts";

/** An account has at most ten policies in a region (CloudWatch Logs API Reference, PutResourcePolicy). */
const LIMIT = 10;

export const putResourcePolicy: OperationOf<typeof logs, LogsState, "PutResourcePolicy"> = {
  access: () => ({ action: "logs:PutResourcePolicy", resource: "*" }),
  run: ({ policyName = "", policyDocument = "" }, { state, clock }) => {
    try {
      if ((JSON.parse(policyDocument) as { Statement?: unknown }).Statement === undefined)
        throw new SyntaxError();
    } catch {
      throw invalid("Invalid policyDocument");
    }
    if (!state.policies.has(policyName) && state.policies.size >= LIMIT)
      throw new AwsError("LimitExceededException", "Resource limit exceeded.");
    const updatedAt = clock.now().getTime();
    state.policies.set(policyName, { name: policyName, document: policyDocument, updatedAt });
    return { resourcePolicy: { policyName, policyDocument, lastUpdatedTime: updatedAt } };
  },
};

export const describeResourcePolicies: OperationOf<typeof logs, LogsState, "DescribeResourcePolicies"> = {
  access: () => ({ action: "logs:DescribeResourcePolicies", resource: "*" }),
  run: (_input, { state }) => ({
    resourcePolicies: [...state.policies.values()].map(({ name, document, updatedAt }) => ({
      policyName: name,
      policyDocument: document,
      lastUpdatedTime: updatedAt,
    })),
  }),
};

export const deleteResourcePolicy: OperationOf<typeof logs, LogsState, "DeleteResourcePolicy"> = {
  access: () => ({ action: "logs:DeleteResourcePolicy", resource: "*" }),
  run: ({ policyName = "" }, { state }) => {
    if (!state.policies.delete(policyName))
      throw new AwsError("ResourceNotFoundException", `Policy with name [${policyName}] does not exist`);
    return {};
  },
};
