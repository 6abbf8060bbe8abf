/**
 * Renders CodePipeline's Lambda deploy action: it moves a function's alias at once or in steps, and alarms
 * stop it.
 */
import type { LambdaDeployAction } from "#release/plan/plan.ts";
import { type ActionDeclaration, artifact, aws, deployRole } from "#synth/setting.ts";

export const renderLambdaDeploy = (action: LambdaDeployAction): ActionDeclaration => ({
  name: action.name,
  runOrder: action.order,
  actionTypeId: aws("Deploy", "Lambda"),
  roleArn: deployRole(action.target.account),
  ...(action.input !== undefined && { inputArtifacts: [artifact(action.input)] }),
  configuration: {
    FunctionName: action.functionName,
    FunctionAlias: action.alias,
    ...(action.version !== undefined && { PublishedTargetVersion: action.version }),
    DeployStrategy: action.strategy,
    ...(action.alarms.length > 0 && { Alarms: action.alarms.join(",") }),
  },
});
