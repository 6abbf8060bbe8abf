/**
 * Keeps the execution environments of one account and region. Each invocation gets a warm environment or
 * starts a new one; an environment runs one invocation at a time. The pool stops an environment after 5 idle
 * minutes, when its credentials expire, when the code changes, and when the cloud stops.
 */

import { randomUUID } from "node:crypto";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Timer } from "#cloud/kernel/clock.ts";
import type { Cloud } from "#cloud/kernel/cloud-type.ts";
import { servicePrincipal } from "#cloud/kernel/principal.ts";
import { startSandbox } from "#cloud/lambda-runtime/sandbox.ts";
import { environmentOf } from "./environment.ts";
import { functionArn, sessionName } from "./function-name.ts";
import { createInstaller } from "./install.ts";
import type { Code, EnvironmentPool, ExecutionEnvironment, Version } from "./state.ts";

const IDLE = 5 * 60_000;
/** The pool keeps this many warm environments at most, because each has a JavaScript heap of its own. */
const WARM_LIMIT = 24;
/** The pool replaces an environment if its credentials are valid for less than this time. */
const REFRESH = 5 * 60_000;

type WarmEnvironment = ExecutionEnvironment & {
  readonly key: string;
  readonly expires: number;
  readonly tmpDir: string;
  idle: Timer | undefined;
};

export function createEnvironmentPool(cloud: Cloud): EnvironmentPool {
  const { clock } = cloud;
  const installer = createInstaller(cloud.blobs, cloud.scratch);
  const all = new Set<WarmEnvironment>();

  const dispose = (environment: WarmEnvironment): void => {
    environment.idle?.cancel();
    all.delete(environment);
    environment.sandbox.kill();
    void rm(environment.tmpDir, { recursive: true, force: true }).catch(() => undefined);
  };
  cloud.onCrash((accessKeyId) => {
    for (const environment of all) if (environment.accessKeyId === accessKeyId) dispose(environment);
  });
  const start = async (version: Version, layers: readonly Code[], key: string): Promise<WarmEnvironment> => {
    const name = functionArn({ ...version, qualifier: undefined });
    const { session, credentials } = await cloud.assumeRole({
      roleArn: version.role,
      sessionName: sessionName(version.name),
      principal: servicePrincipal("lambda.amazonaws.com", {
        sourceAccount: version.account,
        sourceArn: name,
      }),
      region: version.region,
    });
    const [codeDir, optDir] = await Promise.all([installer.code(version.code), installer.layers(layers)]);
    const tmpDir = join(cloud.scratch, "lambda", "tmp", randomUUID());
    await mkdir(tmpDir, { recursive: true });
    const now = clock.now();
    const logGroup = version.logGroup ?? `/aws/lambda/${version.name}`;
    const day = now.toISOString().slice(0, 10).replaceAll("-", "/");
    const logStream = `${day}/[${version.version}]${randomUUID().replaceAll("-", "")}`;
    const started = performance.now();
    const runtimeContext = { codeDir, optDir, tmpDir, logGroup, logStream, endpoint: cloud.endpoint() };
    const sandbox = startSandbox({
      runtime: version.runtime,
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
    const environment: WarmEnvironment = {
      sandbox,
      session,
      accessKeyId: credentials.accessKeyId,
      logGroup,
      logStream,
      initMs: undefined,
      key,
      expires: credentials.expiration.getTime(),
      tmpDir,
      idle: undefined,
    };
    all.add(environment);
    // The cloud stopped while the code was installed, after `stop` had ended the other environments.
    if (cloud.stopping()) dispose(environment);
    await sandbox.ready;
    environment.initMs = performance.now() - started;
    return environment;
  };

  const findWarm = (version: Version, key: string): WarmEnvironment | undefined => {
    for (const environment of all) {
      if (environment.idle === undefined) continue;
      if (environment.expires - clock.now().getTime() < REFRESH || !environment.sandbox.alive())
        dispose(environment);
      else if (environment.key === key) {
        environment.idle.cancel();
        environment.idle = undefined;
        return environment;
      } else if (environment.key.startsWith(`${version.name}:${version.version}:`)) dispose(environment);
    }
    return undefined;
  };

  return {
    running: new Map(),
    stop: () => {
      for (const environment of [...all]) dispose(environment);
    },
    take: async (version, layers) => {
      const key = `${version.name}:${version.version}:${version.revisionId}`;
      const warm = findWarm(version, key);
      if (warm !== undefined) return warm;
      return cloud.cpuSemaphore(async () => {
        // Another invocation may have ended while this one waited for the semaphore.
        const environment = findWarm(version, key) ?? (await start(version, layers, key));
        const fault = await environment.sandbox.ready;
        if (fault === undefined) return environment;
        const log = environment.sandbox.takeLog();
        dispose(environment);
        return { fault, log };
      });
    },
    release: (environment) => {
      const pooled = environment as WarmEnvironment;
      if (!all.has(pooled)) return;
      if (!pooled.sandbox.alive() || cloud.stopping()) return dispose(pooled);
      pooled.idle = clock.after(IDLE, () => dispose(pooled));
      const idle = [...all].filter((other) => other.idle !== undefined);
      const [oldest] = idle;
      if (idle.length > WARM_LIMIT && oldest !== undefined) dispose(oldest);
    },
  };
}
