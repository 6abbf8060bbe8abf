/**
 * Collects the calls of the reconcile Lambda, from the first call after an upload to the result that says it
 * was started.
 */
import { performance } from "node:perf_hooks";
import type { RunningCloud } from "@kedge/local-cloud";
import type { CallRecord } from "@kedge/local-cloud/kernel/cloud-type";
import { functions } from "#release/names/deployed-names.ts";
import { formatKey, type Line, resultKeys } from "#release/names/key.ts";

export type Dispatched = {
  /** Calls like `s3:GetObject`, in the order in which they ended. */
  readonly calls: readonly string[];
  /** The ranges that were read of the artifact itself. */
  readonly ranges: number;
  readonly bytes: number;
  /** From the beginning of the first call to the end of the last. */
  readonly ms: number;
};

type Watch = AsyncDisposable & {
  /** Resolves when the dispatch of the next upload is done. */
  readonly next: () => Promise<Dispatched>;
  /** Milliseconds since reconcile's last call. */
  readonly quietFor: () => number;
};

/** Watches this line. No other line may be busy. */
export function watchReconcile(running: RunningCloud, line: Line): Watch {
  const key = formatKey(line);
  const { latest } = resultKeys(key, "");
  let lastAt = performance.now();
  let listener: (call: CallRecord) => void = () => undefined;
  const stop = running.cloud().onCall((call) => {
    if (!isReconcile(call)) return;
    lastAt = performance.now();
    listener(call);
  });
  return {
    quietFor: () => performance.now() - lastAt,
    next: () =>
      new Promise((resolve) => {
        const seen: CallRecord[] = [];
        listener = (call) => {
          seen.push(call);
          if (!isEnd(call, seen, latest)) return;
          listener = () => undefined;
          resolve(summary(seen, key));
        };
      }),
    [Symbol.asyncDispose]: async () => stop(),
  };
}

/**
 * Ignores the poller of the queue and the writer of the log. They act as the same role, but belong to Lambda,
 * not to the function.
 */
const isReconcile = ({ principal, service }: CallRecord): boolean =>
  principal.kind === "role" &&
  principal.roleName === functions.reconcile &&
  service !== "sqs" &&
  service !== "logs";

const isEnd = (call: CallRecord, seen: readonly CallRecord[], latest: string | undefined): boolean =>
  call.operation === "PutObject" &&
  inputOf(call).Key === latest &&
  seen.some(({ operation }) => operation === "StartPipelineExecution");

function summary(seen: readonly CallRecord[], key: string): Dispatched {
  const reads = seen.filter((call) => call.operation === "GetObject" && inputOf(call).Key === key);
  return {
    calls: seen.map(({ service, operation }) => `${service}:${operation}`),
    ranges: reads.length,
    bytes: reads.reduce((sum, call) => sum + lengthOf(inputOf(call).Range), 0),
    ms: Date.now() - (seen[0]?.time.getTime() ?? Number.NaN),
  };
}

const inputOf = ({ input }: CallRecord) => input as { readonly Key?: string; readonly Range?: string };

/** A read without a range reads the whole artifact. Infinity makes that visible. */
function lengthOf(range: string | undefined): number {
  const [, start, end] = range?.match(/^bytes=(\d+)-(\d+)$/) ?? [];
  return start === undefined ? Number.POSITIVE_INFINITY : Number(end) - Number(start) + 1;
}
