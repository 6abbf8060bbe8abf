/**
 * Keeps the execution environments of one account and region. Each invocation gets a warm environment or
 * starts a new one; an environment runs one invocation at a time. One environment of a version starts at a
 * time, because a start takes longer than most invocations: the invocations that wait take the environment
 * that is idle first. The pool stops an environment after 5 idle minutes, when its credentials expire, when
 * the code changes, and when the cloud stops.
 */

import { rm } from "node:fs/promises";
import type { Timer } from "#cloud/kernel/clock.ts";
import type { Cloud } from "#cloud/kernel/cloud-type.ts";
import { createInstaller } from "./install.ts";
import { type StartedEnvironment, startEnvironment } from "./start-environment.ts";
import { Starts } from "./starts.ts";
import type { Code, EnvironmentPool, Version } from "./state.ts";

const IDLE = 5 * 60_000;
/** The pool keeps this many warm environments at most, because each has a JavaScript heap of its own. */
const WARM_LIMIT = 24;
/** The pool replaces an environment if its credentials are valid for less than this time. */
const REFRESH = 5 * 60_000;

type WarmEnvironment = StartedEnvironment & {
  readonly key: string;
  idle: Timer | undefined;
};

export function createEnvironmentPool(cloud: Cloud): EnvironmentPool {
  const { clock } = cloud;
  const installer = createInstaller(cloud.blobs, cloud.scratch);
  const all = new Set<WarmEnvironment>();

  const dispose = (environment: WarmEnvironment): void => disposeOf(environment, all);
  cloud.onCrash((accessKeyId) => {
    for (const environment of all) if (environment.accessKeyId === accessKeyId) dispose(environment);
  });
  const start = async (version: Version, layers: readonly Code[]): Promise<WarmEnvironment> => {
    const started = await startEnvironment(cloud, installer, version, layers);
    const environment: WarmEnvironment = { ...started, key: keyOf(version), idle: undefined };
    all.add(environment);
    // The cloud stopped while the code was installed, after `stop` had ended the other environments.
    if (cloud.stopping()) dispose(environment);
    environment.initMs = await environment.initialized;
    return environment;
  };

  const findWarm = (version: Version): WarmEnvironment | undefined =>
    takeWarm(all, version, clock.now().getTime());
  const starts = new Starts();

  return {
    running: new Map(),
    stop: () => {
      for (const environment of [...all]) dispose(environment);
    },
    take: async (version, layers) => {
      const key = keyOf(version);
      for (;;) {
        const warm = findWarm(version);
        if (warm !== undefined) return warm;
        if (starts.begin(key)) break;
        await starts.change(key);
      }
      try {
        return await cloud.cpuSemaphore(async () => {
          // Another invocation may have ended while this one waited for the semaphore.
          const environment = findWarm(version) ?? (await start(version, layers));
          const fault = await environment.sandbox.ready;
          if (fault === undefined) return environment;
          const log = environment.sandbox.takeLog();
          dispose(environment);
          return { fault, log };
        });
      } finally {
        starts.end(key);
      }
    },
    release: (environment) => {
      const pooled = environment as WarmEnvironment;
      if (!all.has(pooled)) return;
      if (!pooled.sandbox.alive() || cloud.stopping()) return dispose(pooled);
      pooled.idle = clock.after(IDLE, () => dispose(pooled));
      // The set has the order of the last use, so the environment that was idle the longest is the first.
      all.delete(pooled);
      all.add(pooled);
      const idle = [...all].filter((other) => other.idle !== undefined);
      const [oldest] = idle;
      if (idle.length > WARM_LIMIT && oldest !== undefined) dispose(oldest);
      starts.changed(pooled.key);
    },
  };
}

const keyOf = ({ name, version, revisionId }: Version): string => `${name}:${version}:${revisionId}`;

function disposeOf(environment: WarmEnvironment, all: Set<WarmEnvironment>): void {
  environment.idle?.cancel();
  all.delete(environment);
  environment.sandbox.kill();
  void rm(environment.tmpDir, { recursive: true, force: true }).catch(() => undefined);
}

/** Takes an idle environment of the version. On the way it ends the environments that no invocation may use again. */
function takeWarm(all: Set<WarmEnvironment>, version: Version, now: number): WarmEnvironment | undefined {
  for (const environment of all) {
    if (environment.idle === undefined) continue;
    if (environment.expires - now < REFRESH || !environment.sandbox.alive()) disposeOf(environment, all);
    else if (environment.key === keyOf(version)) {
      environment.idle.cancel();
      environment.idle = undefined;
      return environment;
    } else if (environment.key.startsWith(`${version.name}:${version.version}:`)) disposeOf(environment, all);
  }
  return undefined;
}
