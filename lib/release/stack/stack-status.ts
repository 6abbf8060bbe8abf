/** Maps CloudFormation's stack statuses to the phases that a decision needs. */

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

/**
 * No status means that there is no stack. A status that AWS adds later means "busy", because Kedge must not
 * act on an unknown status.
 */
export function stackPhase(status: string | undefined): StackPhase {
  if (status === undefined) return "gone";
  return Object.hasOwn(phases, status) ? phases[status as keyof typeof phases] : "busy";
}
