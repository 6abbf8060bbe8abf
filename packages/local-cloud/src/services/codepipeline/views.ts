/** Builds the parts of responses that several operations share. */
import type { PipelineExecutionSummary } from "@aws-sdk/client-codepipeline";
import type { Execution, RunDetails } from "#cloud/pipeline/execution.ts";

export const errorDetails = ({ error }: RunDetails): object =>
  error === undefined ? {} : { errorDetails: { code: error.code, message: error.message } };

export const rollbackMetadata = ({ rollbackTarget }: Execution): object =>
  rollbackTarget === undefined
    ? {}
    : { rollbackMetadata: { rollbackTargetPipelineExecutionId: rollbackTarget } };

export const executionSummary = (execution: Execution): PipelineExecutionSummary => ({
  pipelineExecutionId: execution.id,
  status: execution.status,
  ...(execution.statusSummary !== undefined && { statusSummary: execution.statusSummary }),
  startTime: execution.startTime,
  lastUpdateTime: execution.lastUpdateTime,
  sourceRevisions: execution.revisions.map(({ actionName, revisionId, revisionSummary, revisionUrl }) => ({
    actionName,
    revisionId,
    ...(revisionSummary !== undefined && { revisionSummary }),
    ...(revisionUrl !== undefined && { revisionUrl }),
  })),
  trigger: execution.trigger,
  ...(execution.stop?.reason !== undefined && { stopTrigger: { reason: execution.stop.reason } }),
  executionMode: execution.mode,
  executionType: execution.type,
  ...rollbackMetadata(execution),
});
