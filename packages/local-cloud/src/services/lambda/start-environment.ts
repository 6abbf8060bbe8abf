/**
 * Starts an execution environment for a version of a function: assumes the function's role, installs the code
 * and the layers, and starts a sandbox with a log stream and a directory of its own.
 */
import { randomUUID } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Cloud } from "#cloud/kernel/cloud-type.ts";
import { servicePrincipal } from "#cloud/kernel/principal.ts";
import { functionCommand } from "#cloud/lambda-runtime/function-command.ts";
import type { EngineOptions } from "#cloud/lambda-runtime/process.ts";
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
  const start = await howToStart(cloud, version, { codeDir, optDir, tmpDir });
  const runtimeContext = { codeDir, optDir, tmpDir, logGroup, logStream, endpoint: cloud.sandboxEndpoint() };
  const sandbox = startSandbox({
    start,
    memoryMb: version.memorySize,
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

/** A trusted function shares the cloud's process, where it starts sooner. Any other one gets a sandbox. */
async function howToStart(
  cloud: Cloud,
  version: Version,
  folders: { readonly codeDir: string; readonly optDir: string | undefined; readonly tmpDir: string },
): Promise<EngineOptions["start"]> {
  const { scratch } = cloud;
  const { runtime, memorySize: memoryMb, account, region, name } = version;
  if (runtime.startsWith("nodejs") && cloud.isTrusted(version))
    return { kind: "thread", compileCache: join(scratch, "lambda", "compile") };
  // A function may write its cache. In a common one it could change the compiled code of another function.
  const compileCache = join(scratch, "lambda", "compiled", account, region, name);
  await Promise.all([cloud.openSandboxNetwork(), mkdir(compileCache, { recursive: true })]);
  const command = await functionCommand({ runtime, scratch, memoryMb, compileCache, ...folders });
  return { kind: "process", compileCache, command };
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
