/** Implements StartBuild, StopBuild, RetryBuild and the operations that list and describe builds. */
import { randomUUID } from "node:crypto";
import type {
  Build,
  EnvironmentVariable,
  Project,
  ProjectArtifacts,
  ProjectSource,
  StartBuildInput,
} from "@aws-sdk/client-codebuild";
import { AwsError } from "#cloud/kernel/aws-error.ts";
import type { Call } from "#cloud/kernel/service.ts";
import {
  access,
  accessAll,
  accessBuilds,
  buildArn,
  buildId,
  findProject,
  invalid,
  passRole,
  projectOf,
} from "./names.ts";
import { operation } from "./operation.ts";
import { pageOf } from "./page.ts";
import { runBuild } from "./run-build.ts";
import type { BuildRow, CodeBuildState } from "./state.ts";

const TOKEN_MS = 5 * 60_000;

export const startBuild = operation("StartBuild", {
  access: ({ projectName = "", serviceRoleOverride }, call) => [
    access(call, "StartBuild", projectName),
    ...(serviceRoleOverride === undefined ? [] : [passRole(serviceRoleOverride)]),
  ],
  run: (input, call) => ({ build: start(call, input) }),
});

export const retryBuild = operation("RetryBuild", {
  access: ({ id = "" }, call) => access(call, "RetryBuild", projectOf(id)),
  run: ({ id = "", idempotencyToken }, call) => {
    const { idempotencyToken: _, ...request } = findBuild(call, id).request;
    return {
      build: start(call, { ...request, ...(idempotencyToken !== undefined && { idempotencyToken }) }),
    };
  },
});

/** The version of the request takes precedence over the project's. (CodeBuild API Reference, StartBuild) */
function sourceVersionOf(
  project: Pick<Project, "sourceVersion">,
  { sourceVersion, sourceTypeOverride, sourceLocationOverride }: StartBuildInput,
): Pick<Build, "sourceVersion"> {
  const otherSource = sourceTypeOverride !== undefined || sourceLocationOverride !== undefined;
  const version = sourceVersion ?? (otherSource ? undefined : project.sourceVersion);
  return version === undefined ? {} : { sourceVersion: version };
}

function start(call: Call<CodeBuildState>, request: StartBuildInput): Build {
  const { state, clock } = call;
  const project = findProject(call, request.projectName);
  const token =
    request.idempotencyToken === undefined ? undefined : `${project.name}/${request.idempotencyToken}`;
  const known = token === undefined ? undefined : state.tokens.get(token);
  if (known !== undefined && clock.now().getTime() - known.at.getTime() < TOKEN_MS)
    return findBuild(call, known.build).build;
  const id = `${project.name}:${randomUUID()}`;
  if (token !== undefined) state.tokens.set(token, { build: id, at: clock.now() });
  const number = (state.numbers.get(project.name) ?? 0) + 1;
  state.numbers.set(project.name, number);
  const group = project.logsConfig?.cloudWatchLogs?.groupName ?? `/aws/codebuild/${project.name}`;
  const stream = id.split(":")[1] ?? "";
  const now = clock.now();
  const source = overrideSource(project.source, request);
  if (source.type === "CODEPIPELINE" && source.location === undefined) {
    throw invalid("Cannot start build for project with source type CODEPIPELINE");
  }
  const build: BuildRow["build"] = {
    id,
    arn: buildArn(call, id),
    buildNumber: number,
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
    environment: project.environment && {
      ...project.environment,
      ...(request.imageOverride !== undefined && { image: request.imageOverride }),
      ...(request.environmentTypeOverride !== undefined && { type: request.environmentTypeOverride }),
      ...(request.computeTypeOverride !== undefined && { computeType: request.computeTypeOverride }),
      environmentVariables: mergeVariables(
        project.environment.environmentVariables,
        request.environmentVariablesOverride,
      ),
    },
    serviceRole: request.serviceRoleOverride ?? project.serviceRole,
    logs: {
      groupName: group,
      streamName: stream,
      cloudWatchLogsArn: `arn:aws:logs:${call.region}:${call.account}:log-group:${group}:log-stream:${stream}`,
      deepLink: `https://console.aws.amazon.com/cloudwatch/home?region=${call.region}#logsV2:log-groups/log-group/${encodeURIComponent(group)}/log-events/${stream}`,
    },
    timeoutInMinutes: request.timeoutInMinutesOverride ?? project.timeoutInMinutes ?? 60,
    queuedTimeoutInMinutes: request.queuedTimeoutInMinutesOverride ?? project.queuedTimeoutInMinutes ?? 480,
    initiator: initiatorOf(call, source),
    encryptionKey: request.encryptionKeyOverride ?? project.encryptionKey,
  };
  state.builds.set(id, { build, request, log: [] });
  call.cloud.spawn(`codebuild ${id}`, () =>
    runBuild(call, { account: call.account, region: call.region }, id),
  );
  return build;
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

function findBuild({ state }: Call<CodeBuildState>, id: string): BuildRow {
  const row = state.builds.get(buildId(id));
  if (row !== undefined) return row;
  throw new AwsError("ResourceNotFoundException", `The specified build does not exist: ${id}`);
}

export const stopBuild = operation("StopBuild", {
  access: ({ id = "" }, call) => access(call, "StopBuild", projectOf(id)),
  run: ({ id = "" }, call) => {
    const row = findBuild(call, id);
    call.state.running.get(row.build.id)?.("STOPPED");
    return { build: findBuild(call, id).build };
  },
});

export const batchGetBuilds = operation("BatchGetBuilds", {
  access: ({ ids }, call) => accessBuilds(call, "BatchGetBuilds", ids),
  run: ({ ids = [] }, { state }) => ({
    builds: ids.flatMap((id) => state.builds.get(buildId(id))?.build ?? []),
    buildsNotFound: ids.filter((id) => !state.builds.has(buildId(id))),
  }),
});

export const batchDeleteBuilds = operation("BatchDeleteBuilds", {
  access: ({ ids }, call) => accessBuilds(call, "BatchDeleteBuilds", ids),
  run: ({ ids = [] }, call) => {
    const deletable = (id: string): boolean =>
      call.state.builds.get(buildId(id))?.build.buildComplete === true;
    const buildsDeleted = ids.filter(deletable).map((id) => buildArn(call, buildId(id)));
    const kept = ids.filter((id) => !deletable(id));
    const buildsNotDeleted = kept.map((id) => ({
      id,
      statusCode: call.state.builds.has(buildId(id)) ? "BUILD_IN_PROGRESS" : "BUILD_NOT_FOUND",
    }));
    for (const id of ids.filter(deletable)) call.state.builds.delete(buildId(id));
    return { buildsDeleted, buildsNotDeleted };
  },
});

const newestFirst = (rows: Iterable<BuildRow>, sortOrder: string | undefined): string[] => {
  const ids = [...rows].map(({ build }) => build.id);
  return sortOrder === "ASCENDING" ? ids : ids.reverse();
};

export const listBuilds = operation("ListBuilds", {
  access: () => accessAll("ListBuilds"),
  run: ({ sortOrder, nextToken }, { state }) => {
    const page = pageOf(newestFirst(state.builds.values(), sortOrder), nextToken);
    return { ids: page.items, ...page.next };
  },
});

export const listBuildsForProject = operation("ListBuildsForProject", {
  access: ({ projectName = "" }, call) => access(call, "ListBuildsForProject", projectName),
  run: ({ projectName, sortOrder, nextToken }, call) => {
    const { name } = findProject(call, projectName);
    const rows = [...call.state.builds.values()].filter(({ build }) => build.projectName === name);
    const page = pageOf(newestFirst(rows, sortOrder), nextToken);
    return { ids: page.items, ...page.next };
  },
});
