/**
 * CodeBuild: starts a build on the input artifacts and ends with it. The build's exported variables become
 * output variables.
 */
import {
  type ActionProvider,
  failed,
  HOUR,
  type Job,
  type Outcome,
  properties,
  type RuleProvider,
} from "./provider.ts";

type Build = {
  readonly id?: string;
  readonly arn?: string;
  readonly buildStatus?: string;
  readonly exportedEnvironmentVariables?: readonly { readonly name?: string; readonly value?: string }[];
  readonly logs?: { readonly deepLink?: string; readonly cloudWatchLogsArn?: string };
  readonly phases?: readonly {
    readonly phaseType?: string;
    readonly phaseStatus?: string;
    readonly contexts?: readonly { readonly statusCode?: string; readonly message?: string }[];
  }[];
};

type Memo = { readonly build: string };

const keys = [
  "PrimarySource",
  "BatchEnabled",
  "CombineArtifacts",
  "BuildspecOverride",
  "EnvironmentVariables",
];

export const codeBuild: ActionProvider = {
  categories: ["Build", "Test"],
  provider: "CodeBuild",
  inputs: [1, 5],
  outputs: [0, 5],
  properties: properties(["ProjectName"], keys),
  check: checkConfiguration,
  timeoutMinutes: 36 * HOUR,
  start,
  observe,
};

export const codeBuildRule: RuleProvider = {
  provider: "CodeBuild",
  inputs: [0, 5],
  outputs: [0, 0],
  properties: properties(["ProjectName"], keys.slice(0, 3).concat("EnvironmentVariables")),
  check: checkConfiguration,
  timeoutMinutes: 36 * HOUR,
  start,
  observe,
};

function checkConfiguration(
  configuration: Readonly<Record<string, string>>,
  inputs: readonly string[],
): string | undefined {
  const { PrimarySource, EnvironmentVariables } = configuration;
  if (inputs.length > 1 && PrimarySource === undefined)
    return "PrimarySource is required with more than one input artifact";
  if (PrimarySource !== undefined && !inputs.includes(PrimarySource)) {
    return `PrimarySource ${PrimarySource} is not an input artifact of the action`;
  }
  if (EnvironmentVariables === undefined || EnvironmentVariables.includes("#{")) return undefined;
  return parseVariables(EnvironmentVariables) === undefined
    ? "EnvironmentVariables must be a JSON array of objects with name, value and type"
    : undefined;
}

type EnvironmentVariable = { readonly name: string; readonly value: string; readonly type?: string };

function parseVariables(text: string): readonly EnvironmentVariable[] | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    const valid =
      Array.isArray(parsed) &&
      parsed.every(
        (item: Partial<EnvironmentVariable>) =>
          typeof item?.name === "string" && typeof item.value === "string",
      );
    return valid ? (parsed as readonly EnvironmentVariable[]) : undefined;
  } catch {
    return undefined;
  }
}

async function start(job: Job): Promise<Outcome> {
  const { ProjectName, PrimarySource, BuildspecOverride, EnvironmentVariables, BatchEnabled } =
    job.configuration;
  if (BatchEnabled === "true") {
    job.cloud.log(
      "Batch builds are not implemented; add packages/local-cloud/src/services/codebuild/start-build-batch.ts",
    );
    return failed("ConfigurationError", "Batch builds are not available in the embedded cloud.");
  }
  const primary = job.inputs.find(({ name }) => name === PrimarySource) ?? job.inputs[0];
  const location = ({
    location,
  }: {
    readonly location: { readonly bucket: string; readonly key: string };
  }): string => `arn:aws:s3:::${location.bucket}/${location.key}`;
  const variables = EnvironmentVariables === undefined ? [] : parseVariables(EnvironmentVariables);
  if (variables === undefined)
    return failed("ConfigurationError", "EnvironmentVariables is not a JSON array of variables.");
  const { build } = await job.call<{ build?: Build }>("codebuild", "StartBuild", {
    projectName: ProjectName,
    idempotencyToken: job.runId,
    sourceTypeOverride: primary === undefined ? "NO_SOURCE" : "CODEPIPELINE",
    ...(primary && { sourceLocationOverride: location(primary) }),
    secondarySourcesOverride: job.inputs
      .filter((input) => input !== primary)
      .map((input) => ({ type: "CODEPIPELINE", location: location(input), sourceIdentifier: input.name })),
    ...artifactOverrides(job),
    ...(BuildspecOverride !== undefined && { buildspecOverride: BuildspecOverride }),
    ...(job.encryptionKey && { encryptionKeyOverride: job.encryptionKey.id }),
    environmentVariablesOverride: variables,
  });
  const id = build?.id ?? "";
  return { status: "InProgress", details: { memo: { build: id } satisfies Memo, ...externals(job, build) } };
}

function artifactOverrides(job: Job): object {
  const overrides = job.outputs.map(({ name, location }) => ({
    type: "CODEPIPELINE",
    location: location.bucket,
    name: location.key,
    artifactIdentifier: name,
  }));
  if (overrides.length <= 1) return { artifactsOverride: overrides[0] ?? { type: "NO_ARTIFACTS" } };
  return { artifactsOverride: { type: "NO_ARTIFACTS" }, secondaryArtifactsOverride: overrides };
}

const externals = (job: Job, build: Build | undefined) => ({
  ...(build?.id !== undefined && { externalExecutionId: build.id }),
  externalExecutionUrl: `https://${job.region}.console.aws.amazon.com/codesuite/codebuild/projects/${job.configuration["ProjectName"] ?? ""}/build/${encodeURIComponent(build?.id ?? "")}`,
  ...(build?.logs?.cloudWatchLogsArn !== undefined && { logStreamArn: build.logs.cloudWatchLogsArn }),
});

async function observe(job: Job, memo: Memo): Promise<Outcome> {
  const { builds } = await job.call<{ builds?: readonly Build[] }>("codebuild", "BatchGetBuilds", {
    ids: [memo.build],
  });
  const build = builds?.[0];
  if (build === undefined) return failed("JobFailed", `The build ${memo.build} no longer exists.`);
  const details = externals(job, build);
  if (build.buildStatus === "IN_PROGRESS") return { status: "InProgress", details: { memo, ...details } };
  const outputVariables = Object.fromEntries(
    (build.exportedEnvironmentVariables ?? []).map(({ name = "", value = "" }) => [name, value]),
  );
  if (build.buildStatus === "SUCCEEDED") {
    return {
      status: "Succeeded",
      details: { ...details, outputVariables },
      written: job.outputs.map(({ name }) => name),
    };
  }
  const reason = (build.phases ?? []).flatMap(({ phaseType, contexts }) =>
    (contexts ?? []).filter(({ message }) => message).map(({ message }) => `${phaseType}: ${message}`),
  )[0];
  return failed(
    "JobFailed",
    `Build terminated with state: ${build.buildStatus ?? "FAILED"}${reason === undefined ? "" : `. Phase: ${reason}`}`,
    details,
  );
}
