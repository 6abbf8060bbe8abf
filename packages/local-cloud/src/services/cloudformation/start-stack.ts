/** Stores the row of a new stack together with its creation operation. */
import { randomUUID } from "node:crypto";
import type { Principal } from "#cloud/kernel/principal.ts";
import { setStackStatus } from "./record.ts";
import type { Definition, Location, OperationRow, StackRow, TemplateRow } from "./state.ts";

type NewStack = {
  readonly stackId: string;
  readonly name: string;
  readonly definition: Definition;
  readonly template: TemplateRow;
  readonly principal: Principal;
};

type Options = Pick<
  StackRow,
  | "onFailure"
  | "terminationProtection"
  | "retainExceptOnCreate"
  | "timeoutInMinutes"
  | "roleArn"
  | "policy"
  | "changeSetId"
  | "parentId"
  | "rootId"
> & {
  readonly token?: string;
};

export function storeStack(location: Location, one: NewStack, options: Options): StackRow {
  const { token, ...rest } = options;
  location.state.templates.set(one.definition.template, one.template);
  location.state.names.set(one.name, one.stackId);
  return location.state.stacks.set(one.stackId, {
    stackId: one.stackId,
    name: one.name,
    status: "REVIEW_IN_PROGRESS",
    created: location.clock.now(),
    definition: one.definition,
    outputs: [],
    eventCount: 0,
    tokens: token === undefined ? {} : { [token]: "CreateStack" },
    ...rest,
  });
}

export function startStack(location: Location, one: NewStack, options: Options): void {
  const stack = storeStack(location, one, options);
  beginCreation(location, stack, one.principal, options.token);
}

export function beginCreation(
  location: Location,
  stack: StackRow,
  principal: Principal,
  token: string | undefined,
): void {
  const operation: OperationRow = {
    id: randomUUID(),
    kind: "create",
    principal,
    ...(token === undefined ? {} : { token }),
    ...(stack.roleArn === undefined ? {} : { roleArn: stack.roleArn }),
  };
  location.state.stacks.set(stack.stackId, { ...stack, operation });
  setStackStatus(location, stack.stackId, "CREATE_IN_PROGRESS", "User Initiated");
}
