/**
 * Renders the change set of an environment's stack. It is created before the approval, so the approver can
 * read it.
 */
import type { ChangeSetAction, ExecuteAction } from "#release/plan/plan.ts";
import { type ActionDeclaration, artifact, aws, deployRole, executionRole } from "#synth/setting.ts";

export const renderChangeSet = (action: ChangeSetAction): ActionDeclaration => ({
  name: action.name,
  runOrder: action.order,
  actionTypeId: aws("Deploy", "CloudFormation"),
  roleArn: deployRole(action.target.account),
  inputArtifacts: [artifact(action.input)],
  configuration: {
    ActionMode: "CHANGE_SET_REPLACE",
    StackName: action.stackName,
    ChangeSetName: action.changeSetName,
    TemplatePath: action.template,
    TemplateConfiguration: action.configuration,
    RoleArn: executionRole(action.target.account),
    ...(action.capabilities.length > 0 && { Capabilities: action.capabilities.join(",") }),
  },
});

/** The change set has the execution role already. The stack's outputs become variables. */
export const renderExecute = (action: ExecuteAction): ActionDeclaration => ({
  name: action.name,
  runOrder: action.order,
  actionTypeId: aws("Deploy", "CloudFormation"),
  roleArn: deployRole(action.target.account),
  namespace: action.namespace,
  configuration: {
    ActionMode: "CHANGE_SET_EXECUTE",
    StackName: action.stackName,
    ChangeSetName: action.changeSetName,
  },
});
