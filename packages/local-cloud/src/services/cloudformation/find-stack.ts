/** Finds a stack by its current name or by its id, and words its absence. An id finds a deleted stack too. */
import { validationError } from "#cloud/cloudformation/template-error.ts";
import type { Call } from "#cloud/kernel/service.ts";
import type { ResourceRow, StackRow, State } from "./state.ts";

export function findStack(state: State, nameOrId: string): StackRow | undefined {
  if (nameOrId.startsWith("arn:")) return state.stacks.get(nameOrId);
  const id = state.names.get(nameOrId);
  return id === undefined ? undefined : state.stacks.get(id);
}

/** AWS words a missing stack differently for each operation. */
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
