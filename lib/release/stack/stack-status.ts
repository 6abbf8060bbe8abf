/** CloudFormation's stack statuses, reduced to what one may do next. */

const phases = {
  CREATE_IN_PROGRESS: "busy",
  CREATE_COMPLETE: "stable",
  CREATE_FAILED: "broken",
  ROLLBACK_IN_PROGRESS: "busy",
  ROLLBACK_COMPLETE: "broken",
  ROLLBACK_FAILED: "broken",
  UPDATE_IN_PROGRESS: "busy",
  UPDATE_COMPLETE_CLEANUP_IN_PROGRESS: "busy",
  UPDATE_COMPLETE: "stable",
  UPDATE_FAILED: "reverted",
  UPDATE_ROLLBACK_IN_PROGRESS: "busy",
  UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS: "busy",
  UPDATE_ROLLBACK_COMPLETE: "reverted",
  UPDATE_ROLLBACK_FAILED: "broken",
  REVIEW_IN_PROGRESS: "broken",
  IMPORT_IN_PROGRESS: "busy",
  IMPORT_COMPLETE: "stable",
  IMPORT_ROLLBACK_IN_PROGRESS: "busy",
  IMPORT_ROLLBACK_COMPLETE: "reverted",
  IMPORT_ROLLBACK_FAILED: "broken",
  DELETE_IN_PROGRESS: "deleting",
  DELETE_COMPLETE: "gone",
  DELETE_FAILED: "undeletable",
} as const;

/**
 * `busy`: wait. `stable`: may be updated. `reverted`: usable, but its last update failed. `broken`: can only be
 * deleted. `deleting`, `undeletable` (a delete failed and may be tried again), `gone`.
 */
type StackPhase = (typeof phases)[keyof typeof phases];

/** No status means no stack. A status AWS invents later means "busy": never act on what is not understood. */
export function stackPhase(status: string | undefined): StackPhase {
  if (status === undefined) return "gone";
  return Object.hasOwn(phases, status) ? phases[status as keyof typeof phases] : "busy";
}
