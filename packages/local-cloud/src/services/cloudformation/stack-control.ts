/** Implements CancelUpdateStack, ContinueUpdateRollback, RollbackStack and UpdateTerminationProtection. */
import { randomUUID } from "node:crypto";
import { validationError } from "#cloud/cloudformation/template-error.ts";
import type { OperationOf } from "#cloud/kernel/service.ts";
import { passRole, stackAccess } from "./access.ts";
import { missingStack, resourcesOf, stackOf } from "./find-stack.ts";
import { changeStack, setStackStatus } from "./record.ts";
import { runOperation } from "./run.ts";
import { checkToken, locationOf, repeated } from "./stack-request.ts";
import type { OperationRow, Sdk, State } from "./state.ts";

export const cancelUpdateStack: OperationOf<Sdk, State, "CancelUpdateStack"> = {
  access: (input, call) => stackAccess("CancelUpdateStack", input.StackName, call),
  run: (input, call) => {
    const stack = stackOf(call, input.StackName ?? "", missingStack.bracketed);
    if (stack.status !== "UPDATE_IN_PROGRESS" || !stack.operation) {
      throw validationError(`CancelUpdateStack cannot be called from current stack status`);
    }
    changeStack(locationOf(call), stack.stackId, { operation: { ...stack.operation, cancelled: true } });
    return {};
  },
};

export const continueUpdateRollback: OperationOf<Sdk, State, "ContinueUpdateRollback"> = {
  access: (input, call) => [
    stackAccess("ContinueUpdateRollback", input.StackName, call, { "cloudformation:RoleArn": input.RoleARN }),
    ...passRole(input.RoleARN),
  ],
  run: (input, call) => {
    checkToken(input.ClientRequestToken);
    const stack = stackOf(call, input.StackName ?? "", missingStack.bracketed);
    if (repeated(stack, input.ClientRequestToken, "ContinueUpdateRollback")) return {};
    if (stack.status !== "UPDATE_ROLLBACK_FAILED") {
      throw validationError(
        `Stack:${stack.stackId} is in ${stack.status} state and can not continue rollback.`,
      );
    }
    const skip = input.ResourcesToSkip ?? [];
    const failed = resourcesOf(call.state, stack.stackId)
      .filter((row) => row.status === "UPDATE_FAILED")
      .map((row) => row.logicalId);
    const wrong = skip.filter((id) => !failed.includes(id));
    if (wrong.length > 0) {
      throw validationError(
        `The following resources to skip are not in UPDATE_FAILED state: [${wrong.join(", ")}]`,
      );
    }
    const roleArn = input.RoleARN ?? stack.roleArn;
    begin(call, stack.stackId, {
      id: randomUUID(),
      kind: "rollback-update",
      phase: "rollback",
      principal: call.principal,
      skip,
      ...(input.ClientRequestToken === undefined ? {} : { token: input.ClientRequestToken }),
      ...(roleArn === undefined ? {} : { roleArn }),
    });
    return {};
  },
};

export const rollbackStack: OperationOf<Sdk, State, "RollbackStack"> = {
  access: (input, call) => [
    stackAccess("RollbackStack", input.StackName, call, { "cloudformation:RoleArn": input.RoleARN }),
    ...passRole(input.RoleARN),
  ],
  run: (input, call) => {
    checkToken(input.ClientRequestToken);
    const stack = stackOf(call, input.StackName ?? "", missingStack.bracketed);
    if (repeated(stack, input.ClientRequestToken, "RollbackStack")) return { StackId: stack.stackId };
    if (stack.status !== "CREATE_FAILED" && stack.status !== "UPDATE_FAILED") {
      throw validationError(`Stack:${stack.stackId} is in ${stack.status} state and can not be rolled back.`);
    }
    const roleArn = input.RoleARN ?? stack.roleArn;
    const creation = stack.status === "CREATE_FAILED";
    const common = {
      id: randomUUID(),
      principal: call.principal,
      ...(input.ClientRequestToken === undefined ? {} : { token: input.ClientRequestToken }),
      ...(roleArn === undefined ? {} : { roleArn }),
    };
    if (creation) changeStack(locationOf(call), stack.stackId, { onFailure: "ROLLBACK" });
    begin(
      call,
      stack.stackId,
      creation
        ? { ...common, kind: "rollback-create" }
        : { ...common, kind: "rollback-update", phase: "rollback" },
    );
    return { StackId: stack.stackId };
  },
};

function begin(call: Parameters<typeof locationOf>[0], stackId: string, operation: OperationRow): void {
  const location = locationOf(call);
  changeStack(location, stackId, { operation });
  setStackStatus(
    location,
    stackId,
    operation.kind === "rollback-create" ? "ROLLBACK_IN_PROGRESS" : "UPDATE_ROLLBACK_IN_PROGRESS",
    "User Initiated",
  );
  runOperation(location, stackId);
}

export const updateTerminationProtection: OperationOf<Sdk, State, "UpdateTerminationProtection"> = {
  access: (input, call) => stackAccess("UpdateTerminationProtection", input.StackName, call),
  run: (input, call) => {
    const stack = stackOf(call, input.StackName ?? "", missingStack.bracketed);
    if (stack.status === "DELETE_COMPLETE" || stack.status === "DELETE_IN_PROGRESS") {
      throw validationError(`Stack [${stack.name}] cannot be modified while in status ${stack.status}`);
    }
    if (stack.parentId !== undefined) {
      throw validationError(
        `Termination protection cannot be updated on nested stack ${stack.name}; update the root stack ${stack.rootId ?? ""}`,
      );
    }
    changeStack(locationOf(call), stack.stackId, {
      terminationProtection: input.EnableTerminationProtection ?? false,
    });
    return { StackId: stack.stackId };
  },
};
