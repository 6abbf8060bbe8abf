/** A stage of a plan: its actions, when executions may enter it, and what happens when it fails. */
import type { CfnPipeline } from "aws-cdk-lib/aws-codepipeline";
import type { Stage } from "#release/plan.ts";
import { renderAction } from "./actions/index.ts";

export const renderStage = (stage: Stage): CfnPipeline.StageDeclarationProperty => ({
  name: stage.name,
  actions: stage.actions.map(renderAction),
  ...(stage.window && { beforeEntry: { conditions: [opensIn(stage.window)] } }),
  ...(stage.rollback && { onFailure: { result: "ROLLBACK" } }),
});

/** Outside its window an execution is held in front of the stage by CodePipeline itself. */
const opensIn = ({ cron, timeZone }: NonNullable<Stage["window"]>): CfnPipeline.ConditionProperty => ({
  result: "FAIL",
  rules: [
    {
      name: "DeploymentWindow",
      ruleTypeId: { category: "Rule", owner: "AWS", provider: "DeploymentWindow", version: "1" },
      configuration: { Cron: cron, TimeZone: timeZone },
    },
  ],
});
