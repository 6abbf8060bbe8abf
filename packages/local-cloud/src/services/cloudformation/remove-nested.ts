/** Removes change sets of nested stacks, with the stacks that were made for them and never executed. */
import { childrenOf } from "./nested-change-sets.ts";
import { finishDelete } from "./run-delete.ts";
import type { Location } from "./state.ts";

/** Removes the change sets below a change set, and the stacks that were made with them and never executed. */
export function removeNested(location: Location, changeSetId: string): void {
  for (const child of childrenOf(location.state, changeSetId)) {
    removeNested(location, child.changeSetId);
    const stack = location.state.stacks.get(child.stackId);
    if (stack?.status === "REVIEW_IN_PROGRESS") finishDelete({ location, stackId: stack.stackId });
    location.state.changeSets.delete(child.changeSetId);
  }
}

/** Removes the nested change sets and the unused nested stacks of a stack, before the stack is deleted. */
export function removePlanned(location: Location, stackId: string): void {
  for (const set of [...location.state.changeSets.values()])
    if (set.stackId === stackId) removeNested(location, set.changeSetId);
}
