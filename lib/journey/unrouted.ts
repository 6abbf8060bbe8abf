/**
 * What becomes of intake messages that could not be handed to an anchor: one that no retry can help goes to the dead
 * letters at once, the others after their last chance, and then the upload's result says why.
 */

import type { LineRetry } from "#ports/line-queue.ts";
import type { Results } from "#ports/results.ts";
import { ReleaseError } from "#release/errors/errors.ts";
import { rejectedResult } from "#release/line/report.ts";
import { formatResult } from "#release/line/result-shape.ts";
import { resultKeys } from "#release/names/key.ts";
import { type BusEvent, uploadIn } from "./event.ts";

/** How often the intake hands out a message before it goes to the dead letters; as in the control plane's stack. */
export const intakeReceives = 5;

export type UnroutedDeps = { readonly results: Pick<Results, "write">; readonly retry: LineRetry };

type UnroutedMessage = {
  /** The queue's ARN. */
  readonly queue: string;
  readonly receipt: string;
  readonly body: string;
  /** How often it was handed out. */
  readonly count: number;
};

export async function unrouted(
  deps: UnroutedDeps,
  { queue, receipt, body, count }: UnroutedMessage,
  error: unknown,
): Promise<void> {
  const event = parse(body);
  if (event === undefined) return deps.retry.later(queue, [receipt], 0);
  const upload = count < intakeReceives ? undefined : uploadIn(event);
  if (upload === undefined) return;
  const words = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const failure = new ReleaseError("RouteFailed", words, error);
  const { key, versionId, at } = upload;
  // Its own result only: a newer upload may have reached its anchor.
  const { version } = resultKeys(key, versionId);
  await deps.results.write(version, formatResult(rejectedResult(key, versionId, failure, at)));
}

function parse(body: string): BusEvent | undefined {
  try {
    return JSON.parse(body) as BusEvent;
  } catch {
    return undefined;
  }
}
