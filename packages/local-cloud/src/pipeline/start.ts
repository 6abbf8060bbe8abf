/** Starts an execution: it arrives in front of the first stage. */
import { AwsError } from "#cloud/kernel/aws-error.ts";
import type { Draft } from "./draft.ts";
import { type Execution, isLive, type SourceOverride, type Trigger } from "./execution.ts";
import { arrive } from "./leave.ts";

/** The limit of executions in progress of one pipeline in QUEUED or PARALLEL mode. */
const CONCURRENT_EXECUTIONS = 50;

export type StartRequest = {
  readonly id: string;
  readonly trigger: Trigger;
  readonly variables: Readonly<Record<string, string>>;
  readonly sourceRevisions: readonly SourceOverride[];
};

export function start(draft: Draft, request: StartRequest): void {
  const { declaration } = draft;
  const mode = declaration.executionMode;
  if (mode !== "SUPERSEDED" && draft.all().filter(isLive).length >= CONCURRENT_EXECUTIONS) {
    throw new AwsError(
      "ConcurrentPipelineExecutionsLimitExceededException",
      `The pipeline ${declaration.name} has reached the limit of ${CONCURRENT_EXECUTIONS} concurrent pipeline executions`,
    );
  }
  const execution: Execution = {
    id: request.id,
    pipeline: declaration.name,
    version: declaration.version,
    mode,
    type: "STANDARD",
    status: "InProgress",
    startTime: draft.now,
    lastUpdateTime: draft.now,
    trigger: request.trigger,
    attempt: 1,
    stage: declaration.stages[0]?.name ?? "",
    place: "waiting",
    variables: request.variables,
    sourceRevisions: request.sourceRevisions,
    stages: {},
    actions: [],
    rules: [],
    artifacts: {},
    namespaces: {},
    revisions: [],
  };
  draft.add(execution);
  draft.emit("STARTED", execution);
  arrive(draft, execution);
}
