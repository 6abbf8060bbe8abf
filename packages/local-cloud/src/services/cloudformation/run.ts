/** Starts a stack operation in the background; at boot resumes the operations that a stop interrupted. */

import { validationError } from "#cloud/cloudformation/template-error.ts";
import { AwsError } from "#cloud/kernel/aws-error.ts";
import { prepareDefinition } from "./prepare.ts";
import { setStackStatus } from "./record.ts";
import { runCreate, runCreateRollback } from "./run-create.ts";
import { exportInUse, runDelete } from "./run-delete.ts";
import { runUpdateRollback } from "./run-rollback.ts";
import { runUpdate } from "./run-update.ts";
import type { Definition, Location, OperationRow } from "./state.ts";
import { endOperation, operationPrincipal, stackRow, type Worker } from "./worker.ts";

/** The stack's row must already hold the operation. */
export function runOperation(location: Location, stackId: string): void {
  location.cloud.spawn(`stack ${stackId}`, async () => {
    const operation = location.state.stacks.get(stackId)?.operation;
    if (operation) await perform(location, stackId, operation);
  });
}

async function perform(location: Location, stackId: string, operation: OperationRow): Promise<void> {
  let worker: Worker;
  try {
    worker = { location, stackId, operation, principal: await operationPrincipal(location, operation) };
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    failWithoutRole(location, stackId, operation);
    return;
  }
  const stack = stackRow(worker);
  const prepared = (definition: Definition) => {
    const template = location.state.templates.get(definition.template);
    if (!template) throw validationError(`The template of stack ${stackId} no longer exists`);
    return prepareDefinition(definition, template, location, stack);
  };
  switch (operation.kind) {
    case "create":
      return stack.status === "CREATE_IN_PROGRESS"
        ? await runCreate(worker, prepared(stack.definition))
        : await runCreateRollback(worker);
    case "update":
      return operation.phase?.startsWith("rollback")
        ? await runUpdateRollback(worker)
        : await runUpdate(worker, prepared(operation.definition ?? stack.definition));
    case "delete":
      return await runDelete(worker);
    case "rollback-update":
      return await runUpdateRollback(worker);
    case "rollback-create":
      return await runCreateRollback(worker);
  }
}

/** Fails the operation when its role was deleted between the request and the run. */
function failWithoutRole(location: Location, stackId: string, operation: OperationRow): void {
  const failed = {
    create: "ROLLBACK_FAILED",
    update: "UPDATE_ROLLBACK_FAILED",
    delete: "DELETE_FAILED",
    "rollback-update": "UPDATE_ROLLBACK_FAILED",
    "rollback-create": "ROLLBACK_FAILED",
  } as const;
  setStackStatus(
    location,
    stackId,
    failed[operation.kind],
    `Role ${operation.roleArn ?? ""} is invalid or cannot be assumed`,
  );
  endOperation(location, stackId);
}

export function resumeAll(locations: readonly Location[]): void {
  for (const location of locations) {
    for (const stack of location.state.stacks.values())
      if (stack.operation) runOperation(location, stack.stackId);
  }
}

/** Returns the reason that blocks a deletion, or `undefined` when the stack may be deleted. */
export function deletionBlockedBy(location: Location, stackId: string): string | undefined {
  const held = exportInUse({ location, stackId });
  return (
    held && `Delete canceled. Cannot delete export ${held.name} as it is in use by ${held.by.join(", ")}.`
  );
}
