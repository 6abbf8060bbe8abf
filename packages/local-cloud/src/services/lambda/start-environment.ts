/**
 * Starts an execution environment for a version of a function: assumes the function's role, installs the code
 * and the layers, and starts a sandbox with a log stream and a directory of its own.
 */
import { randomUUID } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Cloud } from "#cloud/kernel/cloud-type.ts";
import { servicePrincipal } from "#cloud/kernel/principal.ts";
import { startSandbox } from "#cloud/lambda-runtime/sandbox.ts";
import { environmentOf } from "./environment.ts";
import { functionArn, sessionName } from "./function-name.ts";
import type { createInstaller } from "./install.ts";
import type { Code, ExecutionEnvironment, Version } from "./state.ts";

export type StartedEnvironment = ExecutionEnvironment & {
  /** The time at which its credentials expire. */
  readonly expires: number;
  readonly tmpDir: string;
  /** The milliseconds that the sandbox needed to load the handler. */
  readonly initialized: Promise<number>;
};

export async function startEnvironment(
  cloud: Cloud,
  installer: ReturnType<typeof createInstaller>,
  version: Version,
  layers: readonly Code[],
): Promise<StartedEnvironment> {
  const { session, credentials } = await assumeExecutionRole(cloud, version);
  const [codeDir, optDir] = await Promise.all([installer.code(version.code), installer.layers(layers)]);
  const tmpDir = join(cloud.scratch, "lambda", "tmp", randomUUID());
  await mkdir(tmpDir, { recursive: true });
  const logGroup = version.logGroup ?? `/aws/lambda/${version.name}`;
  const logStream = logStreamName(version, cloud.clock.now());
  const started = performance.now();
  const runtimeContext = { codeDir, optDir, tmpDir, logGroup, logStream, endpoint: cloud.sandboxEndpoint() };
  const sandbox = startSandbox({
    runtime: version.runtime,
    memoryMb: version.memorySize,
    compileCache: join(cloud.scratch, "lambda", "compile"),
    env: environmentOf(version, credentials, runtimeContext),
    boot: {
      handler: version.handler,
      codeDir,
      optDir,
      jsonLogs: version.logFormat === "JSON",
      callbacks: Number(/^nodejs(\d+)/.exec(version.runtime)?.[1] ?? 0) < 24,
      context: {
        functionName: version.name,
        functionVersion: version.version,
        memoryLimitInMB: String(version.memorySize),
        logGroupName: logGroup,
        logStreamName: logStream,
      },
    },
  });
  return {
    ...{ sandbox, session, logGroup, logStream, tmpDir },
    accessKeyId: credentials.accessKeyId,
    expires: credentials.expiration.getTime(),
    initMs: undefined,
    initialized: sandbox.ready.then(() => performance.now() - started),
  };
}

const assumeExecutionRole = (cloud: Cloud, version: Version): ReturnType<Cloud["assumeRole"]> =>
  cloud.assumeRole({
    roleArn: version.role,
    sessionName: sessionName(version.name),
    principal: servicePrincipal("lambda.amazonaws.com", {
      sourceAccount: version.account,
      sourceArn: functionArn({ ...version, qualifier: undefined }),
    }),
    region: version.region,
  });

function logStreamName({ version }: Version, now: Date): string {
  const day = now.toISOString().slice(0, 10).replaceAll("-", "/");
  return `${day}/[${version}]${randomUUID().replaceAll("-", "")}`;
}
