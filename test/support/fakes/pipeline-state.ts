/** The state of the fake pipelines: their stacks, their executions, and the changes that no event has reported. */
import type { PipelineInput } from "#ports/pipeline-stacks.ts";
import type { ActionRun, Execution } from "#release/line/observation.ts";
import { cacheKeys, lineNameOfPipeline } from "#release/names/names.ts";
import type { Plan } from "#release/plan/plan.ts";
import type { MemoryApplications } from "./applications.ts";
import type { MemoryCache } from "./storage.ts";

export type Run = {
  readonly id: string;
  readonly bundle: string;
  status: Execution["status"];
  versionId?: string;
  template?: string;
  stopReason?: string;
  stage: number;
  at: "waiting" | "approval" | "working";
  readonly actions: ActionRun[];
};

export type Pipeline = {
  status: string;
  input: PipelineInput;
  plan: Plan;
  runs: Run[];
  readonly closed: Map<string, string>;
  readonly tokens: Map<string, string>;
};

export type Happening = {
  readonly cause: "pipeline" | "stack";
  readonly pipeline: string;
  readonly executionId?: string;
};

export type PipelineState = {
  readonly cache: MemoryCache;
  readonly applications: MemoryApplications;
  readonly pipelines: Map<string, Pipeline>;
  /** Environments in which deployments fail, with the text of the failure. */
  readonly failing: Map<string, string>;
  /** Pipelines whose next creation fails. */
  readonly uncreatable: Set<string>;
  /** The versions whose executions started, in order. */
  readonly started: string[];
  /** Changes that no call of `settleOne` has returned yet. */
  readonly untold: Happening[];
};

export function pipelineAt({ pipelines }: PipelineState, name: string): Pipeline {
  const found = pipelines.get(name);
  if (found === undefined) throw new TypeError(`There is no pipeline ${name}.`);
  return found;
}

/** Starts an execution and returns its id. */
export function begin(state: PipelineState, name: string, bundle: string): string {
  const { cache, started } = state;
  const id = `execution-${started.length + 1}`;
  const run: Run = { id, bundle, status: "InProgress", stage: 0, at: "working", actions: [] };
  pipelineAt(state, name).runs.unshift(run);
  const summary = cache.summaryOf(cacheKeys.bundle(lineNameOfPipeline(name) ?? ""), bundle) ?? "?";
  started.push(summary.split(" ")[0] ?? "?");
  return id;
}

/** Ends an execution; an event reports it later. */
export function finish(state: PipelineState, name: string, run: Run, status: Execution["status"]): void {
  run.status = status;
  state.untold.push({ cause: "pipeline", pipeline: name, executionId: run.id });
}
