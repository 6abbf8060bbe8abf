/** Finds a stack by name (the one that has it now) or by id (deleted ones too), and words its absence. */
import { validationError } from "#cloud/cloudformation/template-error.ts";
import type { Call } from "#cloud/kernel/service.ts";
import type { ResourceRow, StackRow, State } from "./state.ts";

export function findStack(state: State, nameOrId: string): StackRow | undefined {
  if (nameOrId.startsWith("arn:")) return state.stacks.get(nameOrId);
  const id = state.names.get(nameOrId);
  return id === undefined ? undefined : state.stacks.get(id);
}

/** The sentence differs from call to call in AWS. */
export const missingStack = {
  withId: (name: string) => validationError(`Stack with id ${name} does not exist`),
  bracketed: (name: string) => validationError(`Stack [${name}] does not exist`),
  quoted: (name: string) => validationError(`Stack '${name}' does not exist`),
} as const;

export function stackOf(
  call: Pick<Call<State>, "state">,
  nameOrId: string,
  missing: (name: string) => Error = missingStack.withId,
): StackRow {
  const stack = findStack(call.state, nameOrId);
  if (!stack) throw missing(nameOrId);
  return stack;
}

export const resourcesOf = (state: State, stackId: string): readonly ResourceRow[] =>
  Object.values(state.resources.get(stackId) ?? {});
