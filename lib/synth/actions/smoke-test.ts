/** Renders the smoke test of an artifact: a build in the line's CodeBuild project. */
import { smokeProject } from "#release/names/deployed-names.ts";
import type { SmokeTestAction } from "#release/plan/plan.ts";
import { type ActionDeclaration, artifact, aws } from "#synth/setting.ts";

export const renderSmokeTest = (action: SmokeTestAction): ActionDeclaration => ({
  name: action.name,
  runOrder: action.order,
  actionTypeId: aws("Test", "CodeBuild"),
  inputArtifacts: [artifact(action.input)],
  configuration: { ProjectName: action.project ?? smokeProject },
});
