/** The stages and actions of which the tests build their pipelines. */
import type { ActionDeclaration, StageDeclaration } from "@aws-sdk/client-codepipeline";

export const source = (configuration: Record<string, string> = {}): StageDeclaration => ({
  name: "Source",
  actions: [
    {
      name: "Bundle",
      actionTypeId: { category: "Source", owner: "AWS", provider: "S3", version: "1" },
      configuration: {
        S3Bucket: "source",
        S3ObjectKey: "app.zip",
        PollForSourceChanges: "false",
        ...configuration,
      },
      outputArtifacts: [{ name: "App" }],
      namespace: "Src",
    },
  ],
});

export const approval: ActionDeclaration = {
  name: "Ok",
  actionTypeId: { category: "Approval", owner: "AWS", provider: "Manual", version: "1" },
};

export const commands = (name: string, ...lines: string[]): ActionDeclaration => ({
  name,
  actionTypeId: { category: "Compute", owner: "AWS", provider: "Commands", version: "1" },
  commands: lines,
  inputArtifacts: [{ name: "App" }],
});
