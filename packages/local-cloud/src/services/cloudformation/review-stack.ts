/** Makes the stack of a change set of the type CREATE: it has the status REVIEW_IN_PROGRESS and no resources. */
import { findStack, missingStack } from "./find-stack.ts";
import { setStackStatus } from "./record.ts";
import { storeStack } from "./start-stack.ts";
import type { Location, StackRow } from "./state.ts";

export function reviewStack(
  location: Location,
  stack: Parameters<typeof storeStack>[1],
  roleArn: string | undefined,
  parent: Pick<StackRow, "parentId" | "rootId"> = {},
): StackRow {
  if (findStack(location.state, stack.name)) throw missingStack.bracketed(stack.name);
  storeStack(location, stack, {
    onFailure: "ROLLBACK",
    terminationProtection: false,
    retainExceptOnCreate: false,
    ...(roleArn === undefined ? {} : { roleArn }),
    ...parent,
  });
  setStackStatus(location, stack.stackId, "REVIEW_IN_PROGRESS", "User Initiated");
  const row = findStack(location.state, stack.stackId);
  if (!row) throw missingStack.bracketed(stack.name);
  return row;
}
