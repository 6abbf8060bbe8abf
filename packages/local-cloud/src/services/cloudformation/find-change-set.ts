/** Finds a change set by ARN, or by name within its stack. */
import { validationError } from "#cloud/cloudformation/template-error.ts";
import { AwsError } from "#cloud/kernel/aws-error.ts";
import { findStack, missingStack } from "./find-stack.ts";
import type { ChangeSetRow, State } from "./state.ts";

export function findChangeSet(state: State, nameOrArn: string, stackName: string | undefined): ChangeSetRow {
  const found = lookUpChangeSet(state, nameOrArn, stackName);
  if (!found) throw new AwsError("ChangeSetNotFound", `ChangeSet [${nameOrArn}] does not exist`, 404);
  return found;
}

export function lookUpChangeSet(
  state: State,
  nameOrArn: string,
  stackName: string | undefined,
): ChangeSetRow | undefined {
  if (nameOrArn.startsWith("arn:")) return state.changeSets.get(nameOrArn);
  if (stackName === undefined)
    throw validationError("StackName must be specified if ChangeSetName is not specified as an ARN.");
  const stack = findStack(state, stackName);
  if (!stack) throw missingStack.bracketed(stackName);
  // A name can be used again after an execution. It then means the newest change set.
  return [...state.changeSets.values()].findLast(
    (one) => one.stackId === stack.stackId && one.name === nameOrArn,
  );
}
