/** Renders an action that creates or updates a stack without a change set of its own. */
import type { DeployAction } from "#release/plan/plan.ts";
import { type ActionDeclaration, artifact, aws, deployRole, executionRole } from "#synth/setting.ts";

export const renderDeploy = (action: DeployAction): ActionDeclaration => ({
  name: action.name,
  runOrder: action.order,
  actionTypeId: aws("Deploy", "CloudFormation"),
  roleArn: deployRole(action.target.account),
  inputArtifacts: [artifact(action.input)],
  configuration: {
    ActionMode: "CREATE_UPDATE",
    StackName: action.stackName,
    TemplatePath: action.template,
    TemplateConfiguration: action.configuration,
    RoleArn: executionRole(action.target.account),
    ...(action.capabilities.length > 0 && { Capabilities: action.capabilities.join(",") }),
  },
});
