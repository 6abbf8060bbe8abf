/**
 * Implements the operations that control executions and stages: stop, retry, roll back, override,
 * transitions.
 */
import type { Call } from "#cloud/kernel/service.ts";
import { access, findPipeline, findStage } from "./names.ts";
import type { CodePipelineOperation } from "./operation.ts";
import { engineOf } from "./run.ts";
import { callerOf } from "./start-defaults.ts";
import type { CodePipelineState } from "./state.ts";

const lineOf = ({ account, region }: Call<CodePipelineState>, pipeline: string) => ({
  account,
  region,
  pipeline,
});

export const stopPipelineExecution: CodePipelineOperation<"StopPipelineExecution"> = {
  access: ({ pipelineName }, call) => access(call, "StopPipelineExecution", pipelineName),
  run: ({ pipelineName = "", pipelineExecutionId: execution = "", abandon, reason }, call) => {
    findPipeline(call, pipelineName);
    engineOf(call).drive(lineOf(call, pipelineName), {
      kind: "stop",
      execution,
      abandon: abandon ?? false,
      reason,
    });
    return { pipelineExecutionId: execution };
  },
};

export const retryStageExecution: CodePipelineOperation<"RetryStageExecution"> = {
  access: ({ pipelineName, stageName }, call) => access(call, "RetryStageExecution", pipelineName, stageName),
  run: ({ pipelineName = "", stageName = "", pipelineExecutionId: execution = "", retryMode }, call) => {
    findStage(findPipeline(call, pipelineName), stageName);
    const mode = retryMode ?? "FAILED_ACTIONS";
    engineOf(call).drive(lineOf(call, pipelineName), { kind: "retry", stage: stageName, execution, mode });
    return { pipelineExecutionId: execution };
  },
};

export const rollbackStage: CodePipelineOperation<"RollbackStage"> = {
  access: ({ pipelineName, stageName }, call) => access(call, "RollbackStage", pipelineName, stageName),
  run: ({ pipelineName = "", stageName = "", targetPipelineExecutionId: target = "" }, call) => {
    findStage(findPipeline(call, pipelineName), stageName);
    return {
      pipelineExecutionId: engineOf(call).drive(lineOf(call, pipelineName), {
        kind: "rollback",
        stage: stageName,
        target,
      }),
    };
  },
};

export const overrideStageCondition: CodePipelineOperation<"OverrideStageCondition"> = {
  access: ({ pipelineName, stageName }, call) =>
    access(call, "OverrideStageCondition", pipelineName, stageName),
  run: ({ pipelineName = "", stageName = "", pipelineExecutionId: execution = "", conditionType }, call) => {
    findStage(findPipeline(call, pipelineName), stageName);
    const hook = conditionType === "ON_SUCCESS" ? "onSuccess" : "beforeEntry";
    engineOf(call).drive(lineOf(call, pipelineName), { kind: "override", stage: stageName, execution, hook });
    return {};
  },
};

type Transition = {
  readonly pipelineName?: string | undefined;
  readonly stageName?: string | undefined;
  readonly transitionType?: "Inbound" | "Outbound" | undefined;
};

function setTransition(
  input: Transition,
  call: Call<CodePipelineState>,
  enabled: boolean,
  reason?: string,
): object {
  const { pipelineName = "", stageName = "" } = input;
  findStage(findPipeline(call, pipelineName), stageName);
  engineOf(call).drive(lineOf(call, pipelineName), {
    kind: "transition",
    stage: stageName,
    side: input.transitionType === "Outbound" ? "outbound" : "inbound",
    transition: {
      enabled,
      by: callerOf(call),
      at: call.clock.now(),
      ...(reason !== undefined && { reason }),
    },
  });
  return {};
}

export const disableStageTransition: CodePipelineOperation<"DisableStageTransition"> = {
  access: ({ pipelineName, stageName }, call) =>
    access(call, "DisableStageTransition", pipelineName, stageName),
  run: (input, call) => setTransition(input, call, false, input.reason),
};

export const enableStageTransition: CodePipelineOperation<"EnableStageTransition"> = {
  access: ({ pipelineName, stageName }, call) =>
    access(call, "EnableStageTransition", pipelineName, stageName),
  run: (input, call) => setTransition(input, call, true),
};
