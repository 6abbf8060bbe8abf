/** The artifact's own test, in the anchor's CodeBuild project, which may read its input and nothing else. */
import { smokeProject } from "#release/names/deployed-names.ts";
import type { SmokeTestAction } from "#release/plan/plan.ts";
import { type ActionDeclaration, artifact, aws } from "#synth/setting.ts";

export const renderSmokeTest = (action: SmokeTestAction): ActionDeclaration => ({
  name: action.name,
  runOrder: action.order,
  actionTypeId: aws("Test", "CodeBuild"),
  inputArtifacts: [artifact(action.input)],
  configuration: { ProjectName: smokeProject },
});
