/** Makes the record of a new build: the project's settings with the overrides of the request. */
import type {
  Build,
  EnvironmentVariable,
  Project,
  ProjectArtifacts,
  ProjectSource,
  StartBuildInput,
} from "@aws-sdk/client-codebuild";
import type { Call } from "#cloud/kernel/service.ts";
import { buildArn, invalid } from "./names.ts";
import type { BuildRow, CodeBuildState } from "./state.ts";

export function newBuild(
  call: Call<CodeBuildState>,
  project: Project & { readonly name: string },
  request: StartBuildInput,
  identity: { readonly id: string; readonly buildNumber: number },
): BuildRow["build"] {
  const { id } = identity;
  const now = call.clock.now();
  const source = overrideSource(project.source, request);
  if (source.type === "CODEPIPELINE" && source.location === undefined) {
    throw invalid("Cannot start build for project with source type CODEPIPELINE");
  }
  return {
    ...identity,
    arn: buildArn(call, id),
    startTime: now,
    currentPhase: "QUEUED",
    buildStatus: "IN_PROGRESS",
    buildComplete: false,
    projectName: project.name,
    ...sourceVersionOf(project, request),
    phases: [
      {
        phaseType: "SUBMITTED",
        phaseStatus: "SUCCEEDED",
        startTime: now,
        endTime: now,
        durationInSeconds: 0,
      },
      { phaseType: "QUEUED", startTime: now },
    ],
    source,
    secondarySources: [...(request.secondarySourcesOverride ?? project.secondarySources ?? [])],
    artifacts: artifactsView(request.artifactsOverride ?? project.artifacts),
    secondaryArtifacts: (request.secondaryArtifactsOverride ?? project.secondaryArtifacts ?? []).map(
      artifactsView,
    ),
    cache: project.cache,
    environment: overrideEnvironment(project.environment, request),
    serviceRole: request.serviceRoleOverride ?? project.serviceRole,
    logs: logsOf(call, project, id),
    timeoutInMinutes: request.timeoutInMinutesOverride ?? project.timeoutInMinutes ?? 60,
    queuedTimeoutInMinutes: request.queuedTimeoutInMinutesOverride ?? project.queuedTimeoutInMinutes ?? 480,
    initiator: initiatorOf(call, source),
    encryptionKey: request.encryptionKeyOverride ?? project.encryptionKey,
  };
}

const overrideEnvironment = (
  environment: Project["environment"],
  request: StartBuildInput,
): Build["environment"] =>
  environment && {
    ...environment,
    ...(request.imageOverride !== undefined && { image: request.imageOverride }),
    ...(request.environmentTypeOverride !== undefined && { type: request.environmentTypeOverride }),
    ...(request.computeTypeOverride !== undefined && { computeType: request.computeTypeOverride }),
    environmentVariables: mergeVariables(
      environment.environmentVariables,
      request.environmentVariablesOverride,
    ),
  };

function logsOf({ region, account }: Call<CodeBuildState>, project: Project, id: string): Build["logs"] {
  const group = project.logsConfig?.cloudWatchLogs?.groupName ?? `/aws/codebuild/${project.name}`;
  const prefix = project.logsConfig?.cloudWatchLogs?.streamName;
  const stream = `${prefix === undefined ? "" : `${prefix}/`}${id.split(":")[1] ?? ""}`;
  return {
    groupName: group,
    streamName: stream,
    cloudWatchLogsArn: `arn:aws:logs:${region}:${account}:log-group:${group}:log-stream:${stream}`,
    deepLink: `https://console.aws.amazon.com/cloudwatch/home?region=${region}#logsV2:log-groups/log-group/${encodeURIComponent(group)}/log-events/${stream}`,
  };
}

function overrideSource(source: ProjectSource | undefined, request: StartBuildInput): ProjectSource {
  return {
    type: request.sourceTypeOverride ?? source?.type,
    ...((request.sourceTypeOverride ?? source?.type) === source?.type &&
      source?.location !== undefined && { location: source.location }),
    ...(request.sourceLocationOverride !== undefined && { location: request.sourceLocationOverride }),
    ...((request.buildspecOverride ?? source?.buildspec) !== undefined && {
      buildspec: request.buildspecOverride ?? source?.buildspec,
    }),
  };
}

const artifactsView = (artifacts: ProjectArtifacts | undefined) => ({
  location:
    artifacts?.location === undefined
      ? ""
      : `arn:aws:s3:::${[artifacts.location, artifacts.path, artifacts.name].filter((part) => part).join("/")}`,
  ...(artifacts?.artifactIdentifier !== undefined && { artifactIdentifier: artifacts.artifactIdentifier }),
  ...(artifacts?.encryptionDisabled !== undefined && { encryptionDisabled: artifacts.encryptionDisabled }),
});

const mergeVariables = (
  own: readonly EnvironmentVariable[] = [],
  given: readonly EnvironmentVariable[] = [],
): EnvironmentVariable[] => [
  ...own.filter(({ name }) => !given.some((variable) => variable.name === name)),
  ...given,
];

/** The initiator of a pipeline's build is `codepipeline/<pipeline>`: CodePipeline names its sessions so. */
const initiatorOf = ({ principal }: Call<CodeBuildState>, { type }: ProjectSource): string => {
  if (principal.kind === "role") {
    return type === "CODEPIPELINE"
      ? `codepipeline/${principal.sessionName}`
      : `${principal.roleName}/${principal.sessionName}`;
  }
  return principal.kind === "user" ? principal.userName : "arn" in principal ? principal.arn : "";
};

/** The version of the request takes precedence over the project's. (CodeBuild API Reference, StartBuild) */
function sourceVersionOf(
  project: Pick<Project, "sourceVersion">,
  { sourceVersion, sourceTypeOverride, sourceLocationOverride }: StartBuildInput,
): Pick<Build, "sourceVersion"> {
  const otherSource = sourceTypeOverride !== undefined || sourceLocationOverride !== undefined;
  const version = sourceVersion ?? (otherSource ? undefined : project.sourceVersion);
  return version === undefined ? {} : { sourceVersion: version };
}
