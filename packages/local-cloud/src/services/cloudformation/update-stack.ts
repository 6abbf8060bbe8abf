/** Implements UpdateStack. */
import { validationError } from "#cloud/cloudformation/template-error.ts";
import type { OperationOf } from "#cloud/kernel/service.ts";
import { passRole, requestContext, stackAccess } from "./access.ts";
import { checkCapabilities } from "./capabilities.ts";
import { computeChanges } from "./compute-changes.ts";
import { missingStack, stackOf } from "./find-stack.ts";
import { acceptDefinition } from "./request.ts";
import { runOperation } from "./run.ts";
import { readPolicy } from "./stack-policies.ts";
import { checkToken, checkUpdatable, locationOf, repeated } from "./stack-request.ts";
import { startUpdate } from "./start-update.ts";
import type { Sdk, State } from "./state.ts";

export const updateStack: OperationOf<Sdk, State, "UpdateStack"> = {
  access: (input, call) => [
    stackAccess("UpdateStack", input.StackName, call, requestContext(input)),
    ...passRole(input.RoleARN),
  ],
  run: async (input, call) => {
    const stack = stackOf(call, input.StackName ?? "", missingStack.bracketed);
    checkToken(input.ClientRequestToken);
    if (stack.status === "DELETE_COMPLETE") throw missingStack.bracketed(input.StackName ?? "");
    if (repeated(stack, input.ClientRequestToken, "UpdateStack")) return { StackId: stack.stackId };
    checkUpdatable(stack, true);
    const capabilities = input.Capabilities ?? [];
    const accepted = await acceptDefinition(input, call, stack, (processed, expands) =>
      checkCapabilities(processed, capabilities, expands),
    );
    const location = locationOf(call);
    const changes = computeChanges(location, stack, accepted);
    if (!changes.any) throw validationError("No updates are to be performed.");
    const policy = await readPolicy(input.StackPolicyBody, input.StackPolicyURL, call);
    const during = await readPolicy(
      input.StackPolicyDuringUpdateBody,
      input.StackPolicyDuringUpdateURL,
      call,
    );
    checkUpdatable(stackOf(call, stack.stackId), true);
    startUpdate(location, stack, accepted, {
      principal: call.principal,
      disableRollback: input.DisableRollback ?? false,
      ...(input.ClientRequestToken === undefined ? {} : { token: input.ClientRequestToken }),
      ...(input.RoleARN === undefined ? {} : { roleArn: input.RoleARN }),
      ...(policy === undefined ? {} : { policy }),
      ...(during === undefined ? {} : { policyDuringUpdate: during }),
    });
    runOperation(location, stack.stackId);
    return { StackId: stack.stackId };
  },
};
