/**
 * Builds the environment variables of a function: AWS's own, the function's, and its role's credentials. The
 * host's variables are left out.
 */
import { join } from "node:path";
import type { Credentials } from "#cloud/kernel/cloud-type.ts";
import type { Version } from "./state.ts";

type RuntimeContext = {
  readonly codeDir: string;
  readonly optDir: string | undefined;
  readonly tmpDir: string;
  readonly logGroup: string;
  readonly logStream: string;
  readonly endpoint: string;
};

export function environmentOf(
  version: Version,
  credentials: Credentials,
  context: RuntimeContext,
): Readonly<Record<string, string>> {
  return {
    LANG: "en_US.UTF-8",
    TZ: ":UTC",
    PATH: "/var/lang/bin:/usr/local/bin:/usr/bin/:/bin:/opt/bin",
    ...version.environment,
    // The function cannot override the endpoint, because the embedded cloud is the only AWS it can reach.
    AWS_ENDPOINT_URL: context.endpoint,
    AWS_REGION: version.region,
    AWS_DEFAULT_REGION: version.region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: credentials.sessionToken,
    AWS_EXECUTION_ENV: `AWS_Lambda_${version.runtime}`,
    AWS_LAMBDA_FUNCTION_NAME: version.name,
    AWS_LAMBDA_FUNCTION_VERSION: version.version,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(version.memorySize),
    AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
    AWS_LAMBDA_LOG_GROUP_NAME: context.logGroup,
    AWS_LAMBDA_LOG_STREAM_NAME: context.logStream,
    AWS_LAMBDA_LOG_FORMAT: version.logFormat,
    LAMBDA_TASK_ROOT: context.codeDir,
    LAMBDA_RUNTIME_DIR: "/var/runtime",
    _HANDLER: version.handler,
    // Each execution environment has its own directory in place of AWS's /tmp.
    TMPDIR: context.tmpDir,
    HOME: context.tmpDir,
    ...(context.optDir !== undefined && { LAMBDA_OPT_PYTHON: join(context.optDir, "python") }),
  };
}
