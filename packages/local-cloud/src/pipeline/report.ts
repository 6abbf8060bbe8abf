/** Records the report of a provider about an action or a rule: progress of a run, or its end. */
import type { Draft } from "./draft.ts";
import type { Artifact, Execution, RunDetails } from "./execution.ts";
import { progress } from "./progress.ts";

export type Report = {
  readonly execution: string;
  readonly run: string;
  /** Absent while the run is in progress. */
  readonly status?: "Succeeded" | "Failed";
  readonly details: RunDetails;
  readonly artifacts?: readonly Artifact[];
  /** The principal that reported, e.g. the approver. */
  readonly by?: string;
};

/** A report about a run that was abandoned or replaced comes too late and changes nothing. */
export function report(draft: Draft, news: Report): void {
  const execution = draft.execution(news.execution);
  const run = [...(execution?.actions ?? []), ...(execution?.rules ?? [])].find(({ id }) => id === news.run);
  if (execution === undefined || run?.status !== "InProgress") return;
  run.details = { ...run.details, ...news.details };
  run.lastUpdateTime = draft.now;
  if (news.by !== undefined) run.updatedBy = news.by;
  if (news.status === undefined) return;
  run.status = news.status;
  execution.lastUpdateTime = draft.now;
  if ("action" in run) {
    if (news.status === "Succeeded") keepResults(draft, execution, run.stage, run.action, news);
    draft.emit(news.status === "Succeeded" ? "SUCCEEDED" : "FAILED", execution, {
      stage: run.stage,
      run: run.id,
    });
  }
  progress(draft, execution);
}

function keepResults(draft: Draft, execution: Execution, stage: string, action: string, news: Report): void {
  for (const artifact of news.artifacts ?? []) execution.artifacts[artifact.name] = artifact;
  const declared = draft
    .stagesOf(execution)
    .find(({ name }) => name === stage)
    ?.actions.find(({ name }) => name === action);
  if (declared?.namespace !== undefined)
    execution.namespaces[declared.namespace] = news.details.outputVariables ?? {};
  const { revision } = news.details;
  if (revision === undefined) return;
  execution.revisions = [...execution.revisions.filter((known) => known.actionName !== action), revision];
}
