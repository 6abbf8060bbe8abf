/**
 * Builds the condition keys of a StartBuild request. A key names the member of the project that an override
 * replaces (CodeBuild User Guide, "AWS CodeBuild condition keys"). For an object and for a buildspec the key
 * only says that the request has the member.
 */
import type { StartBuildInput } from "@aws-sdk/client-codebuild";
import type { ConditionValue } from "#cloud/kernel/access.ts";

const present = (value: unknown): true | undefined => (value === undefined ? undefined : true);

export const overrideKeys = (
  request: StartBuildInput,
): Readonly<Record<string, ConditionValue | undefined>> => ({
  "codebuild:artifacts": present(request.artifactsOverride),
  "codebuild:cache": present(request.cacheOverride),
  "codebuild:environment.certificate": request.certificateOverride,
  "codebuild:environment.computeType": request.computeTypeOverride,
  "codebuild:environment.environmentVariables": present(request.environmentVariablesOverride),
  "codebuild:environment.environmentVariables.name": request.environmentVariablesOverride?.map(
    ({ name = "" }) => name,
  ),
  "codebuild:environment.image": request.imageOverride,
  "codebuild:environment.privilegedMode": request.privilegedModeOverride,
  "codebuild:environment.type": request.environmentTypeOverride,
  "codebuild:logsConfig": present(request.logsConfigOverride),
  "codebuild:secondarySources": present(request.secondarySourcesOverride),
  "codebuild:serviceRole": request.serviceRoleOverride,
  "codebuild:source.buildspec": present(request.buildspecOverride),
  "codebuild:source.location": request.sourceLocationOverride,
});
