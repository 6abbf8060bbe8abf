/**
 * Serves AWS CodePipeline: declarations, executions, approvals and jobs, over the pure engine in `pipeline/`.
 */
import * as sdk from "@aws-sdk/client-codepipeline";
import { defineService } from "#cloud/kernel/service.ts";
import {
  disableStageTransition,
  enableStageTransition,
  overrideStageCondition,
  retryStageExecution,
  rollbackStage,
  stopPipelineExecution,
} from "./control-execution.ts";
import { createPipeline, deletePipeline, updatePipeline } from "./create-pipeline.ts";
import {
  createCustomActionType,
  deleteCustomActionType,
  listActionTypes,
  listRuleTypes,
} from "./custom-types.ts";
import { getPipeline, listPipelines } from "./get-pipeline.ts";
import { getPipelineState } from "./get-pipeline-state.ts";
import {
  acknowledgeJob,
  getJobDetails,
  pollForJobs,
  putJobFailureResult,
  putJobSuccessResult,
} from "./job-results.ts";
import {
  getPipelineExecution,
  listActionExecutions,
  listDeployActionExecutionTargets,
  listPipelineExecutions,
  listRuleExecutions,
} from "./list-executions.ts";
import { putApprovalResult } from "./put-approval-result.ts";
import { resume } from "./resume.ts";
import { startPipelineExecution } from "./start-pipeline-execution.ts";
import { type CodePipelineState, codePipelineState } from "./state.ts";
import { listTagsForResource, tagResource, untagResource } from "./tags.ts";

export const codepipeline = defineService<CodePipelineState, typeof sdk>(
  {
    name: "codepipeline",
    sdk,
    protocols: ["json-1.1"],
    target: "CodePipeline_20150709",
    state: codePipelineState,
    start: resume,
  },
  {
    AcknowledgeJob: acknowledgeJob,
    CreateCustomActionType: createCustomActionType,
    CreatePipeline: createPipeline,
    DeleteCustomActionType: deleteCustomActionType,
    DeletePipeline: deletePipeline,
    DisableStageTransition: disableStageTransition,
    EnableStageTransition: enableStageTransition,
    GetJobDetails: getJobDetails,
    GetPipeline: getPipeline,
    GetPipelineExecution: getPipelineExecution,
    GetPipelineState: getPipelineState,
    ListActionExecutions: listActionExecutions,
    ListActionTypes: listActionTypes,
    ListDeployActionExecutionTargets: listDeployActionExecutionTargets,
    ListPipelineExecutions: listPipelineExecutions,
    ListPipelines: listPipelines,
    ListRuleExecutions: listRuleExecutions,
    ListRuleTypes: listRuleTypes,
    ListTagsForResource: listTagsForResource,
    OverrideStageCondition: overrideStageCondition,
    PollForJobs: pollForJobs,
    PutApprovalResult: putApprovalResult,
    PutJobFailureResult: putJobFailureResult,
    PutJobSuccessResult: putJobSuccessResult,
    RetryStageExecution: retryStageExecution,
    RollbackStage: rollbackStage,
    StartPipelineExecution: startPipelineExecution,
    StopPipelineExecution: stopPipelineExecution,
    TagResource: tagResource,
    UntagResource: untagResource,
    UpdatePipeline: updatePipeline,
  },
);
