/** Joins the adapters for approvers. */
import { CodePipelineClient } from "@aws-sdk/client-codepipeline";
import { approvalsCodepipeline } from "./approvals-codepipeline.ts";
import type { OperatorConfig } from "./config.ts";

export const approvalDeps = (config: OperatorConfig) => ({
  approvals: approvalsCodepipeline(new CodePipelineClient(config)),
});
