/** The environment of a sandbox: what AWS gives, the function's own variables and its role's credentials; nothing of the host's. */
import { join } from "node:path";
import type { Credentials } from "#cloud/kernel/cloud-type.ts";
import type { Version } from "./state.ts";

export type Place = {
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
  place: Place,
): Readonly<Record<string, string>> {
  return {
    LANG: "en_US.UTF-8",
    TZ: ":UTC",
    PATH: "/var/lang/bin:/usr/local/bin:/usr/bin/:/bin:/opt/bin",
    ...version.environment,
    // The endpoint is the cloud's, whatever the function was told: this is the only AWS there is here.
    AWS_ENDPOINT_URL: place.endpoint,
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
    AWS_LAMBDA_LOG_GROUP_NAME: place.logGroup,
    AWS_LAMBDA_LOG_STREAM_NAME: place.logStream,
    AWS_LAMBDA_LOG_FORMAT: version.logFormat,
    LAMBDA_TASK_ROOT: place.codeDir,
    LAMBDA_RUNTIME_DIR: "/var/runtime",
    _HANDLER: version.handler,
    // A directory of the sandbox's own stands for AWS's /tmp.
    TMPDIR: place.tmpDir,
    HOME: place.tmpDir,
    ...(place.optDir !== undefined && { LAMBDA_OPT_PYTHON: join(place.optDir, "python") }),
  };
}
