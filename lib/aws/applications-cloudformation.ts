/** The application stacks in the target accounts. */
import { type CloudFormationClient, DeleteStackCommand } from "@aws-sdk/client-cloudformation";
import type { AccountInRegion, Applications } from "#journey/ports.ts";
import { unlessDone } from "./error-names.ts";
import { findStack } from "./find-stack.ts";
import { lastOperation } from "./stack-failure.ts";

export const applicationsCloudformation = (
  clientFor: (target: AccountInRegion) => CloudFormationClient,
): Applications => ({
  status: async (target, name) => (await findStack(clientFor(target), name))?.StackStatus,
  failure: async (target, name) => {
    const found = await findStack(clientFor(target), name);
    return found && (await lastOperation(clientFor(target), found.StackId ?? name)).failure;
  },
  remove: (target, name, token) =>
    unlessDone(
      clientFor(target).send(new DeleteStackCommand({ StackName: name, ClientRequestToken: token })),
      "TokenAlreadyExistsException",
    ),
  outputs: async (target, name) =>
    Object.fromEntries(
      ((await findStack(clientFor(target), name))?.Outputs ?? []).map(
        ({ OutputKey = "", OutputValue = "" }) => [OutputKey, OutputValue],
      ),
    ),
});
