/**
 * The sandboxes of one account and region: found warm or started cold for each invocation, one invocation at a time
 * each, put to rest when idle, ended when their credentials run out, their code changed or the cloud stops.
 */
import { randomUUID } from "node:crypto";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Timer } from "#cloud/kernel/clock.ts";
import type { Cloud } from "#cloud/kernel/cloud-type.ts";
import { type RoleSession, servicePrincipal } from "#cloud/kernel/principal.ts";
import type { Fault } from "#cloud/lambda-runtime/protocol.ts";
import { type Sandbox, startSandbox } from "#cloud/lambda-runtime/sandbox.ts";
import { environmentOf } from "./environment.ts";
import { functionArn, sessionName } from "./function-name.ts";
import { createInstaller } from "./install.ts";
import type { Code, Version } from "./state.ts";

const IDLE = 5 * 60_000;
/** Warm sandboxes kept in all; each is a JavaScript heap of its own. */
const WARM_LIMIT = 24;
/** Credentials are changed for new ones, with the sandbox, when they have less than this to live. */
const REFRESH = 5 * 60_000;

export type Berth = {
  readonly sandbox: Sandbox;
  readonly session: RoleSession;
  readonly accessKeyId: string;
  readonly logGroup: string;
  readonly logStream: string;
  /** Milliseconds the start took; absent once it was reported. */
  initMs: number | undefined;
};

type Moored = Berth & {
  readonly key: string;
  readonly expires: number;
  readonly tmpDir: string;
  idle: Timer | undefined;
};

export type Fleet = {
  /** A sandbox for one invocation, or the fault of its start. */
  readonly take: (
    version: Version,
    layers: readonly Code[],
  ) => Promise<Berth | { readonly fault: Fault; readonly log: string }>;
  readonly release: (berth: Berth) => void;
  /** Invocations running now, by function name. */
  readonly running: Map<string, number>;
};

export function createFleet(cloud: Cloud): Fleet {
  const { clock } = cloud;
  const installer = createInstaller(cloud.blobs, cloud.scratch);
  const all = new Set<Moored>();

  const sink = (berth: Moored): void => {
    berth.idle?.cancel();
    all.delete(berth);
    berth.sandbox.kill();
    void rm(berth.tmpDir, { recursive: true, force: true }).catch(() => undefined);
  };
  cloud.onCrash((accessKeyId) => {
    for (const berth of all) if (berth.accessKeyId === accessKeyId) sink(berth);
  });
  // The kernel tells services nothing when it stops, and a thread outlives what started it.
  const watch = setInterval(() => {
    if (!cloud.stopping()) return;
    clearInterval(watch);
    for (const berth of [...all]) sink(berth);
  }, 200);
  watch.unref();

  const start = async (version: Version, layers: readonly Code[], key: string): Promise<Moored> => {
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
    const place = { codeDir, optDir, tmpDir, logGroup, logStream, endpoint: cloud.endpoint() };
    const sandbox = startSandbox({
      runtime: version.runtime,
      memoryMb: version.memorySize,
      env: environmentOf(version, credentials, place),
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
    const berth: Moored = {
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
    all.add(berth);
    await sandbox.ready;
    berth.initMs = performance.now() - started;
    return berth;
  };

  const findWarm = (version: Version, key: string): Moored | undefined => {
    for (const berth of all) {
      if (berth.idle === undefined) continue;
      if (berth.expires - clock.now().getTime() < REFRESH || !berth.sandbox.alive()) sink(berth);
      else if (berth.key === key) {
        berth.idle.cancel();
        berth.idle = undefined;
        return berth;
      } else if (berth.key.startsWith(`${version.name}:${version.version}:`)) sink(berth);
    }
    return undefined;
  };

  return {
    running: new Map(),
    take: async (version, layers) => {
      const key = `${version.name}:${version.version}:${version.revisionId}`;
      const warm = findWarm(version, key);
      if (warm !== undefined) return warm;
      return cloud.turns(async () => {
        // While it waited for its turn to start one, another invocation may have ended.
        const berth = findWarm(version, key) ?? (await start(version, layers, key));
        const fault = await berth.sandbox.ready;
        if (fault === undefined) return berth;
        const log = berth.sandbox.takeLog();
        sink(berth);
        return { fault, log };
      });
    },
    release: (berth) => {
      const moored = berth as Moored;
      if (!all.has(moored)) return;
      if (!moored.sandbox.alive() || cloud.stopping()) return sink(moored);
      moored.idle = clock.after(IDLE, () => sink(moored));
      const idle = [...all].filter((other) => other.idle !== undefined);
      const [oldest] = idle;
      if (idle.length > WARM_LIMIT && oldest !== undefined) sink(oldest);
    },
  };
}
