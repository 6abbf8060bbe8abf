/** Renders a CodeBuild action in the target account. The first input is the primary source. */
import type { BuildAction } from "#release/plan/plan.ts";
import { type ActionDeclaration, artifact, aws, deployRole } from "#synth/setting.ts";

export const renderBuild = (action: BuildAction): ActionDeclaration => ({
  name: action.name,
  runOrder: action.order,
  actionTypeId: aws("Build", "CodeBuild"),
  roleArn: deployRole(action.target.account),
  inputArtifacts: action.inputs.map(artifact),
  ...(action.output !== undefined && { outputArtifacts: [artifact(action.output)] }),
  ...(action.namespace !== undefined && { namespace: action.namespace }),
  configuration: {
    ProjectName: action.project,
    ...(action.inputs.length > 1 && { PrimarySource: action.inputs[0] }),
    ...(action.buildspec !== undefined && { BuildspecOverride: action.buildspec }),
    EnvironmentVariables: JSON.stringify(
      Object.entries(action.variables).map(([name, value]) => ({ name, value, type: "PLAINTEXT" })),
    ),
  },
});
