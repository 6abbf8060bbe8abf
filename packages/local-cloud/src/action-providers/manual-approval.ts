/**
 * Manual approval: notifies the SNS topic, if the action has one, and waits for PutApprovalResult with the
 * run's token.
 */
import { randomUUID } from "node:crypto";
import { type ActionProvider, DAY, type Job, properties } from "./provider.ts";

export const manualApproval: ActionProvider = {
  categories: ["Approval"],
  provider: "Manual",
  inputs: [0, 0],
  outputs: [0, 0],
  properties: properties([], ["NotificationArn", "CustomData", "ExternalEntityLink"]),
  timeoutMinutes: 7 * DAY,
  start: async (job) => {
    const token = randomUUID();
    const { NotificationArn: topic } = job.configuration;
    if (topic !== undefined) {
      await job.call("sns", "Publish", {
        TopicArn: topic,
        Subject: `APPROVAL NEEDED: AWS CodePipeline ${job.pipeline.name} for action ${job.name}`.slice(
          0,
          100,
        ),
        Message: JSON.stringify(message(job, token)),
      });
    }
    // In PARALLEL mode GetPipelineState shows no run, so the summary is the only way to read the token.
    return {
      status: "Waiting",
      details: { token, ...(job.mode === "PARALLEL" && { externalExecutionId: token }) },
    };
  },
};

/** The message has the JSON of the CodePipeline User Guide, page approvals-json-format. */
const message = (job: Job, token: string): object => {
  const { name, region } = job.pipeline;
  const view = `https://console.aws.amazon.com/codesuite/codepipeline/pipelines/${name}/view?region=${region}`;
  return {
    region,
    consoleLink: view,
    approval: {
      pipelineName: name,
      stageName: job.stage,
      actionName: job.name,
      token,
      expires: job.deadline.toISOString().slice(0, 16).concat("Z"),
      externalEntityLink: job.configuration["ExternalEntityLink"] ?? null,
      approvalReviewLink: `${view}#/${job.stage}/${job.name}/approve/${token}`,
      customData: job.configuration["CustomData"] ?? null,
    },
  };
};
