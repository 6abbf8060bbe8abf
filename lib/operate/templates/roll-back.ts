/** Takes the last rollout of a release template back: its lines are released with the version before. */
import { OperateError } from "#operate/operate-error.ts";
import { requestReconcile } from "#operate/request-reconcile.ts";
import type { Rollout } from "#release/template/template-index.ts";
import { withRolloutState } from "#release/template/template-publish.ts";
import { withdrawalOf } from "#release/template/withdrawn.ts";
import type { MoveDeps } from "./deps.ts";
import { latestResults, liveLines } from "./live-lines.ts";

type Rollback = {
  readonly rollout: Rollout;
  /** So many lines have the template and are reconciled. */
  readonly lines: number;
  /** The version before is withdrawn: the moved lines keep the version that they have. */
  readonly keeps: boolean;
};

/** Throws `RolloutMissing` when there is no rollout to take back. */
export async function rollBack(deps: MoveDeps, name: string): Promise<Rollback> {
  const last = (await deps.registry.index()).rollouts.find((each) => each.name === name);
  if (last === undefined || last.state === "taken-back")
    throw new OperateError("RolloutMissing", `${name} has no rollout that could be taken back.`);
  const after = await deps.registry.change((index) => withRolloutState(index, name, { state: "taken-back" }));
  const results = await latestResults(deps, await liveLines(deps));
  const moved = results.filter(({ result }) => result?.template?.name === name).map(({ line }) => line);
  await requestReconcile(deps, moved);
  return { rollout: last, lines: moved.length, keeps: withdrawalOf(after, last.from) !== undefined };
}
