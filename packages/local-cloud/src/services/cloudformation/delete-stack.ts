/** Implements DeleteStack. */
import { randomUUID } from "node:crypto";
import { validationError } from "#cloud/cloudformation/template-error.ts";
import type { OperationOf } from "#cloud/kernel/service.ts";
import { passRole, stackAccess } from "./access.ts";
import { findStack, resourcesOf } from "./find-stack.ts";
import { changeStack, setStackStatus } from "./record.ts";
import { removePlanned } from "./remove-nested.ts";
import { deletionBlockedBy, runOperation } from "./run.ts";
import { finishDelete } from "./run-delete.ts";
import { checkToken, locationOf, repeated } from "./stack-request.ts";
import type { OperationRow, Sdk, StackRow, State } from "./state.ts";

const inProgressStatus = /_IN_PROGRESS$/;

export const deleteStack: OperationOf<Sdk, State, "DeleteStack"> = {
  access: (input, call) => [
    stackAccess("DeleteStack", input.StackName, call, { "cloudformation:RoleArn": input.RoleARN }),
    ...passRole(input.RoleARN),
  ],
  run: (input, call) => {
    checkToken(input.ClientRequestToken);
    const stack = findStack(call.state, input.StackName ?? "");
    if (
      !stack ||
      stack.status === "DELETE_COMPLETE" ||
      repeated(stack, input.ClientRequestToken, "DeleteStack")
    )
      return {};
    if (stack.terminationProtection) {
      throw validationError(`Stack [${stack.name}] cannot be deleted while TerminationProtection is enabled`);
    }
    const retain = input.RetainResources ?? [];
    checkRetained(call.state, stack, retain);
    if (stack.status === "DELETE_IN_PROGRESS") return {};
    const location = locationOf(call);
    removePlanned(location, stack.stackId);
    if (stack.status === "REVIEW_IN_PROGRESS") {
      setStackStatus(location, stack.stackId, "DELETE_IN_PROGRESS", "User Initiated");
      finishDelete({ location, stackId: stack.stackId });
      return {};
    }
    if (inProgressStatus.test(stack.status)) {
      throw validationError(`Stack [${stack.stackId}] cannot be deleted while in status ${stack.status}`);
    }
    const roleArn = input.RoleARN ?? stack.roleArn;
    const force = input.DeletionMode === "FORCE_DELETE_STACK" && stack.status === "DELETE_FAILED";
    const operation: OperationRow = {
      id: randomUUID(),
      kind: "delete",
      principal: call.principal,
      retain: force
        ? resourcesOf(call.state, stack.stackId)
            .filter((row) => row.status === "DELETE_FAILED")
            .map((row) => row.logicalId)
        : retain,
      ...(input.ClientRequestToken === undefined ? {} : { token: input.ClientRequestToken }),
      ...(roleArn === undefined ? {} : { roleArn }),
    };
    changeStack(location, stack.stackId, {
      operation,
      ...(input.ClientRequestToken === undefined
        ? {}
        : { tokens: { ...stack.tokens, [input.ClientRequestToken]: "DeleteStack" } }),
    });
    setStackStatus(location, stack.stackId, "DELETE_IN_PROGRESS", "User Initiated");
    const held = deletionBlockedBy(location, stack.stackId);
    if (held !== undefined) {
      setStackStatus(location, stack.stackId, stack.status, held);
      changeStack(location, stack.stackId, { operation: undefined });
      return {};
    }
    runOperation(location, stack.stackId);
    return {};
  },
};

function checkRetained(state: State, { stackId, status }: StackRow, retain: readonly string[]): void {
  if (retain.length > 0 && status !== "DELETE_FAILED") {
    throw validationError(
      `Invalid operation on stack [${stackId}]. When specifying resources to retain, the stack must be in the DELETE_FAILED state.`,
    );
  }
  const known = resourcesOf(state, stackId).map((row) => row.logicalId);
  const unknown = retain.filter((id) => !known.includes(id));
  if (unknown.length > 0)
    throw validationError(`The following resources are not in the stack: [${unknown.join(", ")}]`);
}
