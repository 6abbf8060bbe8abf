/** Renders a stage of a plan: its actions, its entry condition and its reaction to a failure. */
import type { CfnPipeline } from "aws-cdk-lib/aws-codepipeline";
import type { Action, ActionType, Stage } from "#release/plan/plan.ts";
import { renderAction } from "./actions/index.ts";
import type { Setting } from "./setting.ts";

export const renderStage = (stage: Stage, setting: Setting): CfnPipeline.StageDeclarationProperty => ({
  name: stage.name,
  actions: stage.actions.map((action) => ({
    ...renderAction(action, setting),
    ...elsewhere(action, setting.region),
  })),
  ...(stage.window && { beforeEntry: { conditions: [opensIn(stage.window)] } }),
  ...(stage.rollback && { onFailure: { result: "ROLLBACK" } }),
});

/**
 * AWS's actions run in the environment's region. Lambda actions, approvals and smoke tests run in the
 * pipeline's region.
 */
const elsewhere = (action: Action, home: string): { readonly region?: string } => {
  if (!("target" in action) || !actsInTarget.includes(action.type)) return {};
  return action.target.region === home ? {} : { region: action.target.region };
};

const actsInTarget: readonly ActionType[] = [
  "change-set",
  "execute",
  "deploy",
  "build",
  "lambda-deploy",
  "eks-deploy",
];

/** CodePipeline itself holds an execution in front of the stage outside of its window. */
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
