/** Finds and completes the change sets of nested stacks, which belong to the change set of their parent. */
import { AwsError } from "#cloud/kernel/aws-error.ts";
import type { ChangeSetRow, Location, State } from "./state.ts";
import { unknownYet } from "./unknown-value.ts";

/** The change sets of the nested stacks of one change set; not of those below them. */
export const childrenOf = (state: State, changeSetId: string): readonly ChangeSetRow[] =>
  [...state.changeSets.values()].filter(({ nestedIn }) => nestedIn?.parentId === changeSetId);

/** The change set that a stack operation executes for one of its nested stacks. */
export function plannedFor(
  state: State,
  changeSetId: string | undefined,
  logicalId: string,
): ChangeSetRow | undefined {
  const found =
    changeSetId === undefined
      ? undefined
      : childrenOf(state, changeSetId).find(({ nestedIn }) => nestedIn?.logicalId === logicalId);
  return found?.status === "CREATE_COMPLETE" && found.executionStatus === "UNAVAILABLE" ? found : undefined;
}

/** Values that were not known when the change set was made are known now. */
export function completeParameters(
  { state }: Location,
  { changeSetId, definition, ...row }: ChangeSetRow,
  values: Readonly<Record<string, string>>,
): void {
  const parameters = definition.parameters.map((each) =>
    each.value.includes(unknownYet) ? { ...each, value: values[each.key] ?? each.value } : each,
  );
  state.changeSets.set(changeSetId, { changeSetId, ...row, definition: { ...definition, parameters } });
}

/** A change set of a nested stack is executed and deleted with its root. */
export function requireRoot({ nestedIn, changeSetId }: ChangeSetRow, verb: "executed" | "deleted"): void {
  if (nestedIn === undefined) return;
  throw new AwsError(
    "InvalidChangeSetStatus",
    `ChangeSet [${changeSetId}] cannot be ${verb}: it must be ${verb} from the root change set [${nestedIn.rootId}]`,
  );
}
