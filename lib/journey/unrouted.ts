/**
 * Handles intake messages that could not be routed to an anchor. A malformed message is made visible at once,
 * so SQS soon moves it to the dead-letter queue. Any other message is retried, and at the last delivery the
 * upload's result gets the error.
 */
import type { LineRetry } from "#ports/line-queue.ts";
import type { Results } from "#ports/results.ts";
import { parsedJson } from "#release/document/parsed-json.ts";
import { ReleaseError } from "#release/errors/errors.ts";
import { rejectedResult } from "#release/line/report.ts";
import { formatResult } from "#release/line/result-shape.ts";
import { resultKeys } from "#release/names/key.ts";
import { uploadsIn } from "./event.ts";

/**
 * The number of deliveries before SQS moves a message to the dead-letter queue (`maxReceiveCount`), as in the
 * control plane's stack.
 */
export const intakeReceives = 5;

export type UnroutedDeps = { readonly results: Pick<Results, "write">; readonly retry: LineRetry };

type UnroutedMessage = {
  /** The queue's ARN. */
  readonly queue: string;
  readonly receipt: string;
  readonly body: string;
  /** The number of deliveries so far. */
  readonly count: number;
};

export async function unrouted(
  deps: UnroutedDeps,
  { queue, receipt, body, count }: UnroutedMessage,
  error: unknown,
): Promise<void> {
  const event = parsedJson(body);
  if (event === undefined) return deps.retry.later(queue, [receipt], 0);
  if (count < intakeReceives) return;
  const words = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const failure = new ReleaseError("RouteFailed", words, error);
  for (const { key, versionId, at } of uploadsIn(event)) {
    // Only this version's result is written: a newer upload may have reached its anchor.
    const { version } = resultKeys(key, versionId);
    await deps.results.write(version, formatResult(rejectedResult(key, versionId, failure, at)));
  }
}
