/**
 * Builds the environment variables of a build. A variable of the start overrides the project's, and the
 * project's overrides the buildspec's (CodeBuild User Guide, "Environment variables in build environments").
 */
import type { EnvironmentVariable } from "@aws-sdk/client-codebuild";
import type { Buildspec } from "#cloud/build/buildspec.ts";
import { baseEnvironment } from "#cloud/build/environment.ts";
import { withRecordedTools } from "#cloud/build/recorded-tools.ts";
import type { Environment } from "#cloud/build/shell.ts";
import { AwsError } from "#cloud/kernel/aws-error.ts";
import type { Credentials } from "#cloud/kernel/cloud-type.ts";
import type { Run } from "./build-context.ts";

export async function buildEnvironment(
  run: Run,
  spec: Buildspec,
  sources: Readonly<Record<string, string>>,
  credentials: Credentials,
): Promise<Environment> {
  const { build } = run.row();
  const own = await resolveAll(run, build.environment?.environmentVariables ?? []);
  const parameters = await resolveAll(run, typed(spec.parameterStore, "PARAMETER_STORE"));
  const secrets = await resolveAll(run, typed(spec.secretsManager, "SECRETS_MANAGER"));
  const environment = {
    ...(await baseEnvironment({
      home: run.folder,
      region: run.location.region,
      endpoint: run.context.cloud.sandboxEndpoint(),
      credentials,
    })),
    ...spec.variables,
    ...parameters,
    ...secrets,
    ...own,
    ...sources,
    CI: "true",
    CODEBUILD_CI: "true",
    CODEBUILD_BUILD_ID: build.id,
    CODEBUILD_BUILD_ARN: build.arn ?? "",
    CODEBUILD_BUILD_NUMBER: String(build.buildNumber),
    CODEBUILD_BUILD_IMAGE: build.environment?.image ?? "",
    CODEBUILD_BUILD_SUCCEEDING: "1",
    CODEBUILD_INITIATOR: build.initiator ?? "",
    CODEBUILD_KMS_KEY_ID: build.encryptionKey ?? "",
    CODEBUILD_LOG_PATH: build.logs?.streamName ?? "",
    CODEBUILD_SOURCE_REPO_URL: build.source?.location ?? "",
    CODEBUILD_SOURCE_VERSION: build.sourceVersion ?? build.source?.location ?? "",
    CODEBUILD_RESOLVED_SOURCE_VERSION: build.resolvedSourceVersion ?? build.sourceVersion ?? "",
    CODEBUILD_START_TIME: String(build.startTime?.getTime() ?? 0),
    CODEBUILD_BUILD_URL: consoleUrl(run),
  };
  return await withRecordedTools(environment, run.context.cloud.scratch);
}

const consoleUrl = ({ location: { account, region }, row }: Run): string => {
  const { projectName = "", id = "" } = row().build;
  const base = `https://${region}.console.aws.amazon.com/codesuite/codebuild/${account}`;
  return `${base}/projects/${projectName}/build/${encodeURIComponent(id)}`;
};

const typed = (
  values: Readonly<Record<string, string>>,
  type: NonNullable<EnvironmentVariable["type"]>,
): readonly EnvironmentVariable[] => Object.entries(values).map(([name, value]) => ({ name, value, type }));

async function resolveAll(run: Run, variables: readonly EnvironmentVariable[]): Promise<Environment> {
  const values: Record<string, string> = {};
  for (const { name = "", value = "", type } of variables) {
    values[name] =
      type === "PARAMETER_STORE"
        ? await parameter(run, value)
        : type === "SECRETS_MANAGER"
          ? await secret(run, value)
          : value;
  }
  return values;
}

async function parameter(run: Run, name: string): Promise<string> {
  const { Parameters = [] } = await run.call<{ Parameters?: readonly { Value?: string }[] }>(
    "ssm",
    "GetParameters",
    {
      Names: [name],
      WithDecryption: true,
    },
  );
  const value = Parameters[0]?.Value;
  if (value !== undefined) return value;
  throw new AwsError("CLIENT_ERROR", `The parameter ${name} could not be found in Parameter Store`);
}

/** Reads a secret by `secret-id:json-key:version-stage:version-id`; the id may be an ARN. */
async function secret(run: Run, reference: string): Promise<string> {
  const parts = reference.startsWith("arn:")
    ? [reference.split(":").slice(0, 7).join(":"), ...reference.split(":").slice(7)]
    : reference.split(":");
  const [id = "", key = "", stage = "", version = ""] = parts;
  const { SecretString = "" } = await run.call<{ SecretString?: string }>(
    "secretsmanager",
    "GetSecretValue",
    {
      SecretId: id,
      ...(stage !== "" && { VersionStage: stage }),
      ...(version !== "" && { VersionId: version }),
    },
  );
  if (key === "") return SecretString;
  const found = (JSON.parse(SecretString) as Readonly<Record<string, unknown>>)[key];
  if (found === undefined) throw new AwsError("CLIENT_ERROR", `The secret ${id} has no key ${key}`);
  return typeof found === "string" ? found : JSON.stringify(found);
}
