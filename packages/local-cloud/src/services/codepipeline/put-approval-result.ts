/** Implements PutApprovalResult: the token identifies the run, which accepts one answer. */
import { AwsError } from "#cloud/kernel/aws-error.ts";
import { access, findPipeline, findStage } from "./names.ts";
import type { CodePipelineOperation } from "./operation.ts";
import { engineOf, succeed } from "./run.ts";
import { callerOf } from "./start-defaults.ts";

export const putApprovalResult: CodePipelineOperation<"PutApprovalResult"> = {
  access: ({ pipelineName, stageName, actionName }, call) =>
    access(call, "PutApprovalResult", pipelineName, stageName, actionName),
  run: ({ pipelineName = "", stageName = "", actionName = "", result, token }, call) => {
    const stage = findStage(findPipeline(call, pipelineName), stageName);
    const action = stage.actions.find(({ name }) => name === actionName);
    if (action === undefined) {
      throw new AwsError(
        "ActionNotFoundException",
        `Action '${actionName}' could not be found in the stage '${stageName}' of the pipeline '${pipelineName}'`,
      );
    }
    const runs = [...call.state.executions(pipelineName).values()].flatMap((execution) =>
      execution.actions
        .filter((run) => run.stage === stageName && run.action === actionName && run.details.token === token)
        .map((run) => ({ execution: execution.id, run })),
    );
    const found = runs[0];
    if (found === undefined || action.actionTypeId.category !== "Approval") {
      throw new AwsError(
        "InvalidApprovalTokenException",
        `The approval token '${token ?? ""}' is not valid for the action '${actionName}' of the stage '${stageName}'`,
      );
    }
    const { status, details } = found.run;
    if (status !== "InProgress") {
      throw status === "Abandoned" || details.error?.code === "TimeoutError"
        ? new AwsError(
            "InvalidApprovalTokenException",
            "The approval request already received a response or has expired.",
          )
        : new AwsError(
            "ApprovalAlreadyCompletedException",
            "The approval action has already been approved or rejected.",
          );
    }
    const engine = engineOf(call);
    const line = { account: call.account, region: call.region, pipeline: pipelineName };
    const which = { execution: found.execution, run: found.run.id };
    const by = callerOf(call);
    const summary = result?.summary ?? "";
    const approvedAt = call.clock.now();
    if (result?.status === "Approved") succeed(engine, line, which, { summary }, [], by);
    else engine.drive(line, { kind: "report", ...which, status: "Failed", details: { summary }, by });
    return { approvedAt };
  },
};
