/** Finds the reason for a failed execution: the first failed action, its message, and the error code. */
import { codes, type ErrorCode } from "#release/errors/errors.ts";
import { actionNames } from "#release/plan/plan.ts";
import { actionLocation } from "#release/plan/plan-waves.ts";
import type { ActionRun, Execution } from "./observation.ts";
import type { Reason } from "./result.ts";

/** The last run of every action, in order: a retried action counts by its retry. */
export function lastRuns(runs: readonly ActionRun[]): readonly ActionRun[] {
  const byAction = new Map<string, ActionRun>();
  for (const run of runs) {
    const id = JSON.stringify([run.stage, run.action]);
    byAction.delete(id);
    byAction.set(id, run);
  }
  return [...byAction.values()];
}

export function failureOf(execution: Execution): Reason {
  const failed = lastRuns(execution.actions ?? []).find(({ status }) => status === "Failed");
  if (failed === undefined) return reason("DeploymentFailed", `The execution ${execution.id} failed.`);
  const said = failed.message?.trim() ?? "";
  const words = said === "" ? "AWS gave no message." : said;
  return reason(codeOf(failed, said), `${failed.stage}: ${failed.action} failed. ${words}`);
}

/** Kedge's own actions begin their message with a code of the table. */
function codeOf(run: ActionRun, message: string): ErrorCode {
  const own = /^([A-Z][A-Za-z]+): /.exec(message)?.[1];
  if (own !== undefined && Object.hasOwn(codes, own)) return own as ErrorCode;
  const { action } = actionLocation(run.stage, run.action);
  if (action === actionNames.source) return "SourceFailed";
  // A decision has its approver. CodePipeline itself fails an approval that ran out.
  if (action === actionNames.approve)
    return run.decider === undefined ? "ApprovalExpired" : "ApprovalRejected";
  return action === actionNames.smokeTest ? "SmokeTestFailed" : "DeploymentFailed";
}

export const reason = (code: ErrorCode, sentence: string): Reason => ({
  code,
  sentence,
  remedy: codes[code].remedy,
});
