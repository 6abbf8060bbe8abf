/**
 * Turns what happened (a pipeline, a stack of ours or of a target, the clock) into lines to look at again. An event says
 * only that something happened, never what is true.
 */

import type { Artifacts } from "#ports/artifacts.ts";
import type { Clock } from "#ports/clock.ts";
import type { EstateFile } from "#ports/estate-file.ts";
import type { LineCache } from "#ports/line-cache.ts";
import type { LineQueue } from "#ports/line-queue.ts";
import type { SlotRecords } from "#ports/slot-records.ts";
import { classOf } from "#release/estate/branch-class.ts";
import type { Anchor, Estate } from "#release/estate/estate.ts";
import { readSlotRecord, slotRecordsPrefix } from "#release/line/slot-records.ts";
import { type Line, lineOfKey } from "#release/names/key.ts";
import { isLineName, lineName, lineNameOfPipeline, lineNamesOfAppStack } from "#release/names/names.ts";
import { type BusEvent, textAt } from "./event.ts";
import { expiryOf } from "./expiry.ts";
import { lineOf, unreadable } from "./line-of.ts";
import { lineMessage, nameIn, type ReconcileRequest } from "./message.ts";

type ObserveDeps = {
  /** The anchor's own account. */
  readonly account: string;
  readonly estate: EstateFile;
  readonly cache: Pick<LineCache, "lineNames" | "get">;
  readonly slotRecords: Pick<SlotRecords, "list" | "get">;
  readonly artifacts: Pick<Artifacts, "uploads">;
  readonly lines: LineQueue;
  readonly clock: Clock;
};

/** The lines that were put on the queue. */
export async function observe(deps: ObserveDeps, event: BusEvent): Promise<readonly ReconcileRequest[]> {
  const estate = await deps.estate.load();
  const anchor = estate.anchors.find(({ account }) => account === deps.account);
  if (anchor === undefined) return [];
  const scheduled = event["detail-type"] === "Scheduled Event";
  const lines = await remembered(deps, scheduled ? await resync(deps, estate) : concerned(event, anchor));
  await deps.lines.send(
    { account: anchor.account, region: anchor.region },
    lines.map((request) =>
      lineMessage(request, classOf(estate, request.line), `${event.id}-${nameIn(request)}`.slice(0, 128)),
    ),
  );
  return lines;
}

type Found = ReconcileRequest & { readonly line: Line };

/** With the line itself, which tells the queue to use. Events of lines that are forgotten, or never were, end here. */
async function remembered(
  deps: ObserveDeps,
  requests: readonly ReconcileRequest[],
): Promise<readonly Found[]> {
  const found = await Promise.all(
    requests.map(async ({ lineName: name = "", ...request }): Promise<Found | undefined> => {
      const line = request.line ?? (await lineOf(deps, name).catch(unreadable));
      return line && { ...request, line };
    }),
  );
  return found.filter((request) => request !== undefined);
}

/** What an event of AWS asks to be looked at. */
export function concerned(event: BusEvent, anchor: Anchor): readonly ReconcileRequest[] {
  switch (event.source) {
    case "aws.codepipeline":
      return named("pipeline", pipelineLine(textAt(event.detail, "pipeline") ?? ""), {
        executionId: textAt(event.detail, "execution-id"),
      });
    case "aws.cloudformation":
      return named("stack", linesOfStack(event, anchor));
    default:
      return [];
  }
}

/** A stack at work has nothing to tell yet. */
function linesOfStack({ account, detail }: BusEvent, anchor: Anchor): readonly string[] {
  if (textAt(detail, "status-details", "status")?.endsWith("_IN_PROGRESS")) return [];
  const stack = /:stack\/([^/]+)/.exec(textAt(detail, "stack-id") ?? "")?.[1] ?? "";
  if (account === anchor.account) return pipelineLine(stack);
  const here = anchor.environments.filter((environment) => environment.account === account);
  return lineNamesOfAppStack(
    stack,
    here.map(({ name }) => name),
  );
}

const pipelineLine = (name: string): readonly string[] => {
  const line = lineNameOfPipeline(name);
  return line === undefined ? [] : [line];
};

/** A nested stack's name begins with its parent's, but does not end as a line's name does. */
function named(
  cause: ReconcileRequest["cause"],
  names: readonly string[],
  { executionId }: { readonly executionId?: string | undefined } = {},
): readonly ReconcileRequest[] {
  return names
    .filter(isLineName)
    .map((lineName) => ({ cause, lineName, ...(executionId !== undefined && { executionId }) }));
}

/**
 * Every line the anchor knows or that has left marks, and every upload it may have missed the event of. The tombstone of
 * a line it does not know is the usual end of a line, and an expired artifact the other one: neither is looked at again.
 */
async function resync(deps: ObserveDeps, estate: Estate): Promise<readonly ReconcileRequest[]> {
  const withSlotRecord = (await deps.slotRecords.list(slotRecordsPrefix)).flatMap(
    ({ key }) => readSlotRecord(key)?.name ?? [],
  );
  const known = new Set([...(await deps.cache.lineNames()), ...withSlotRecord]);
  const found: ReconcileRequest[] = [];
  const now = deps.clock();
  for await (const { key, size, lastModified } of deps.artifacts.uploads(deps.account)) {
    const line = lineOfKey(key);
    if (line === undefined) continue;
    const alive = size > 0 && (expiryOf(estate, line, { lastModified }) ?? now) >= now;
    if (known.delete(lineName(line)) || alive) found.push({ cause: "sweep", line });
  }
  return [...found, ...[...known].map((name): ReconcileRequest => ({ cause: "sweep", lineName: name }))];
}
