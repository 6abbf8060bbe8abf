/** Stores the operation of an update in the stack's row. */
import { randomUUID } from "node:crypto";
import type { Principal } from "#cloud/kernel/principal.ts";
import { changeStack, setStackStatus } from "./record.ts";
import type { Accepted } from "./request.ts";
import type { Definition, Location, OperationRow, StackRow } from "./state.ts";

type Options = {
  readonly principal: Principal;
  readonly token?: string;
  readonly roleArn?: string;
  readonly policy?: string;
  readonly policyDuringUpdate?: string;
  readonly disableRollback: boolean;
  readonly changeSetId?: string;
};

export function startUpdate(
  location: Location,
  stack: StackRow,
  accepted: Pick<Accepted, "definition" | "template">,
  options: Options,
): void {
  location.state.templates.set(accepted.definition.template, accepted.template);
  beginUpdate(location, stack, accepted.definition, options);
}

export function beginUpdate(
  location: Location,
  stack: StackRow,
  definition: Definition,
  options: Options,
): void {
  const { policy, token, ...rest } = options;
  const roleArn = options.roleArn ?? stack.roleArn;
  const operation: OperationRow = {
    id: randomUUID(),
    kind: "update",
    definition,
    ...rest,
    ...(token === undefined ? {} : { token }),
    ...(roleArn === undefined ? {} : { roleArn }),
  };
  changeStack(location, stack.stackId, {
    operation,
    updated: location.clock.now(),
    ...(policy === undefined ? {} : { policy }),
    ...(token === undefined ? {} : { tokens: { ...stack.tokens, [token]: "UpdateStack" } }),
  });
  setStackStatus(location, stack.stackId, "UPDATE_IN_PROGRESS", "User Initiated");
}
