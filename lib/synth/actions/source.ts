/**
 * Renders the source action: the release bundle in the anchor's cache. Kedge starts executions on an exact
 * version, so polling is off.
 */
import type { SourceAction } from "#release/plan/plan.ts";
import { type ActionDeclaration, artifact, aws } from "#synth/setting.ts";

export const renderSource = (action: SourceAction): ActionDeclaration => ({
  name: action.name,
  runOrder: action.order,
  actionTypeId: aws("Source", "S3"),
  configuration: { S3Bucket: action.bucket, S3ObjectKey: action.key, PollForSourceChanges: "false" },
  outputArtifacts: [artifact(action.output)],
});
