/** Updates parameters of stacks in the target accounts. */
import { type CloudFormationClient, UpdateStackCommand } from "@aws-sdk/client-cloudformation";
import type { StackValues } from "#ports/stack-values.ts";
import type { AccountInRegion } from "#ports/target.ts";
import { isNamed, unlessDone } from "./error-names.ts";
import { findStack } from "./find-stack.ts";

export const stackValuesCloudformation = (
  clientFor: (target: AccountInRegion) => CloudFormationClient,
): StackValues => ({
  set: async (target, name, values, token) => {
    const client = clientFor(target);
    const { Parameters = [] } = (await findStack(client, name)) ?? {};
    const update = client.send(
      new UpdateStackCommand({
        StackName: name,
        UsePreviousTemplate: true,
        Parameters: Parameters.map(({ ParameterKey = "" }) =>
          Object.hasOwn(values, ParameterKey)
            ? { ParameterKey, ParameterValue: values[ParameterKey] }
            : { ParameterKey, UsePreviousValue: true },
        ),
        Capabilities: ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM"],
        ClientRequestToken: token,
      }),
    );
    await unlessDone(update.catch(unlessSame), "TokenAlreadyExistsException");
  },
});

function unlessSame(error: unknown): void {
  const same = isNamed(error, "ValidationError") && /No updates/.test((error as Error).message);
  if (!same) throw error;
}
