/** Resumes pipelines after a restart: continues the runs in progress and sets their timers again. */
import type { ServiceContext } from "#cloud/kernel/service.ts";
import { isLive } from "#cloud/pipeline/execution.ts";
import { callAgain } from "./call-again.ts";
import type { Engine, Line } from "./engine.ts";
import { findRun } from "./find-run.ts";
import { watchSilentJob } from "./jobs.ts";
import { watchSources } from "./polling.ts";
import { engineOf, observeAgain, restart, watchDeadline } from "./run.ts";
import type { CodePipelineState } from "./state.ts";

export function resume(context: ServiceContext<CodePipelineState>): void {
  const engine = engineOf(context);
  for (const location of context.locations()) {
    const state = context.stateOf(location.account, location.region);
    for (const pipeline of state.pipelines.keys()) resumePipeline(engine, { ...location, pipeline });
    for (const job of state.jobs.values()) {
      if (job.worker.kind !== "lambda" || job.status !== "InProgress") continue;
      watchSilentJob(engine, location, job);
      callAgain(engine, job);
    }
  }
}

function resumePipeline(engine: Engine, line: Line): void {
  const state = engine.stateOf(line.account, line.region);
  for (const execution of [...state.executions(line.pipeline).values()].filter(isLive)) {
    for (const { id, details } of [...execution.actions, ...execution.rules]) {
      const which = { execution: execution.id, run: id };
      const found = findRun(engine, line, which);
      if (found === undefined) continue;
      if (details.deadline !== undefined)
        watchDeadline(engine, line, which, details.deadline, found.timeoutMinutes);
      const job = [...state.jobs.values()].find(({ run }) => run === id);
      if (details.token !== undefined || job !== undefined) continue;
      engine.cloud.spawn(found.label, () =>
        details.memo === undefined ? restart(engine, line, which) : observeAgain(engine, line, which),
      );
    }
  }
  watchSources(engine, line);
}
