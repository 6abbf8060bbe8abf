/**
 * Runs one invocation: takes an execution environment, waits for the outcome, and writes AWS's log lines
 * around the output.
 */

import { randomUUID } from "node:crypto";
import { AwsError, isAwsError } from "#cloud/kernel/aws-error.ts";
import type { Cloud } from "#cloud/kernel/cloud-type.ts";
import type { Fault } from "#cloud/lambda-runtime/protocol.ts";
import type { LambdaDeps } from "./deps.ts";
import { createEnvironmentPool } from "./environment-pool.ts";
import { conflict, invalidParameter, throttled } from "./errors.ts";
import { functionArn } from "./function-name.ts";
import { findLayerVersion } from "./layer-arn.ts";
import type { Code, EnvironmentPool, ExecutionEnvironment, LambdaState, Version } from "./state.ts";
import { writeLog } from "./write-log.ts";

export type Finished = {
  readonly requestId: string;
  readonly version: string;
  readonly payload: string;
  readonly failed: boolean;
  readonly log: string;
};

type Request = {
  readonly requestId: string;
  readonly payload: string;
  readonly qualifier: string | undefined;
  readonly clientContext?: string | undefined;
};

const PAYLOAD_LIMIT = 6_291_556;

export async function runFunction(version: Version, request: Request, deps: LambdaDeps): Promise<Finished> {
  const { state, cloud } = deps;
  if (version.activeAt > deps.clock.now().getTime())
    throw conflict(
      "The operation cannot be performed at this time. The function is currently in the following state: Pending",
    );
  checkRuntime(version, cloud);
  state.live.pool ??= createEnvironmentPool(cloud);
  const { pool } = state.live;
  const leave = countInvocation(pool, version, state);
  try {
    return await inSandbox(pool, version, request, deps);
  } finally {
    leave();
  }
}

/** Counts the invocation against the function's reserved concurrency and the account's limit. */
function countInvocation(pool: EnvironmentPool, version: Version, state: LambdaState): () => void {
  const { name } = version;
  const running = pool.running.get(name) ?? 0;
  const reserved = state.functions.get(name)?.reserved;
  if (reserved !== undefined && running >= reserved)
    throw throttled("ReservedFunctionConcurrentInvocationLimitExceeded");
  const total = [...pool.running.values()].reduce((sum, count) => sum + count, 0);
  if (total >= 1000) throw throttled("ConcurrentInvocationLimitExceeded");
  pool.running.set(name, running + 1);
  return () => {
    const left = (pool.running.get(name) ?? 1) - 1;
    if (left === 0) pool.running.delete(name);
    else pool.running.set(name, left);
  };
}

async function inSandbox(
  pool: EnvironmentPool,
  version: Version,
  request: Request,
  deps: LambdaDeps,
): Promise<Finished> {
  const { clock } = deps;
  const layers = version.layers.flatMap((arn) => findLayerVersion(arn, deps.stateOf)?.code ?? []);
  const environment = await take(pool, version, layers);
  const { requestId } = request;
  if ("fault" in environment) {
    const fault = withRequest(environment.fault, requestId);
    return {
      requestId,
      version: version.version,
      payload: JSON.stringify(fault),
      failed: true,
      log: `INIT_REPORT Phase: init\tStatus: error\tError Type: ${fault.errorType}\n${environment.log}`,
    };
  }
  const timeoutMs = version.timeout * 1000;
  const started = performance.now();
  const prefix = environment.sandbox.takeLog();
  const outcome = await environment.sandbox.invoke(
    {
      id: requestId,
      event: request.payload,
      functionArn: functionArn({ ...version, qualifier: request.qualifier }),
      deadline: Date.now() + timeoutMs,
      traceId: `Root=1-${Math.floor(clock.now().getTime() / 1000).toString(16)}-${randomUUID().replaceAll("-", "").slice(0, 24)};Parent=0000000000000000;Sampled=0`,
      ...(request.clientContext !== undefined && {
        clientContext: Buffer.from(request.clientContext, "base64").toString("utf8"),
      }),
    },
    timeoutMs,
  );
  const took = performance.now() - started;
  const tooLarge = outcome.ok && Buffer.byteLength(outcome.payload) > PAYLOAD_LIMIT;
  const fault: Fault | undefined = tooLarge
    ? {
        errorType: "Function.ResponseSizeTooLarge",
        errorMessage: `Response payload size exceeded maximum allowed payload size (${PAYLOAD_LIMIT} bytes).`,
      }
    : outcome.ok
      ? undefined
      : outcome.fault;
  const log = logOf(version, request, environment, { prefix, took, fault, now: clock.now() });
  pool.release(environment);
  writeLog(environment, log, version, deps);
  return {
    requestId,
    version: version.version,
    payload: outcome.ok && !tooLarge ? outcome.payload : JSON.stringify(fault),
    failed: fault !== undefined,
    log,
  };
}

async function take(
  pool: EnvironmentPool,
  version: Version,
  layers: readonly Code[],
): ReturnType<EnvironmentPool["take"]> {
  try {
    return await pool.take(version, layers);
  } catch (error) {
    if (!isAwsError(error, "AccessDenied", "AccessDeniedException", "NoSuchEntity")) throw error;
    throw new AwsError(
      "AccessDeniedException",
      `The role defined for the function cannot be assumed by Lambda.`,
      403,
    );
  }
}

const withRequest = (fault: Fault, requestId: string): Fault => ({
  ...fault,
  errorMessage: fault.errorMessage.replace("00000000-0000-0000-0000-000000000000", requestId),
});

function logOf(
  { version, memorySize }: Version,
  { requestId }: Request,
  environment: ExecutionEnvironment,
  run: {
    readonly prefix: string;
    readonly took: number;
    readonly fault: Fault | undefined;
    readonly now: Date;
  },
): string {
  const init = environment.initMs;
  environment.initMs = undefined;
  const lines = [
    ...(init === undefined ? [] : ["INIT_START Runtime Version: embedded"]),
    ...(run.prefix === "" ? [] : [run.prefix.trimEnd()]),
    `START RequestId: ${requestId} Version: ${version}`,
  ];
  const output = environment.sandbox.takeLog().trimEnd();
  if (output !== "") lines.push(output);
  if (run.fault?.errorType === "Sandbox.Timedout")
    lines.push(`${run.now.toISOString()} ${requestId} ${run.fault.errorMessage.replace(/^.*Error: /, "")}`);
  else if (run.fault?.errorType === "Runtime.ExitError") lines.push(run.fault.errorMessage);
  lines.push(
    `END RequestId: ${requestId}`,
    `REPORT RequestId: ${requestId}\tDuration: ${run.took.toFixed(2)} ms\tBilled Duration: ${Math.ceil(run.took + (init ?? 0))} ms\tMemory Size: ${memorySize} MB\tMax Memory Used: ${Math.min(memorySize, 64)} MB${init === undefined ? "" : `\tInit Duration: ${init.toFixed(2)} ms`}`,
  );
  return `${lines.join("\n")}\n`;
}

function checkRuntime({ runtime, name }: Version, cloud: Cloud): void {
  if (/^(nodejs|python)/.test(runtime)) return;
  const file = "packages/local-cloud/src/lambda-runtime/process.ts";
  cloud.log(`lambda: the runtime ${runtime} of ${name} is not implemented: ${file} would start it`);
  throw invalidParameter(
    `The runtime ${runtime} cannot run in the embedded cloud, which runs nodejs and python functions; ${file} would start it.`,
  );
}
