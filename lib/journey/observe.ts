/**
 * Maps events of pipelines and stacks, and the hourly schedule, to lines that must be reconciled. An event is
 * only a trigger; its content is not trusted as state.
 */

import type { Artifacts, Upload } from "#ports/artifacts.ts";
import type { Clock } from "#ports/clock.ts";
import type { EstateFile } from "#ports/estate-file.ts";
import type { LineCache } from "#ports/line-cache.ts";
import type { LineQueue } from "#ports/line-queue.ts";
import type { SlotRecords } from "#ports/slot-records.ts";
import { classOf } from "#release/estate/branch-class.ts";
import type { Anchor, Estate } from "#release/estate/estate.ts";
import { readSlotRecord, slotRecordsPrefix } from "#release/line/slot-records.ts";
import { formatKey, type Line, lineOfKey } from "#release/names/key.ts";
import { isLineCode, isLineName, lineName, lineNameOfPipeline } from "#release/names/names.ts";
import { linesOfStackName } from "#release/names/stack-names.ts";
import { actionNames } from "#release/plan/plan.ts";
import { type BusEvent, textAt } from "./event.ts";
import { expiryOf } from "./expiry.ts";
import { lineOf, unreadable } from "./line-of.ts";
import { lineMessage, nameIn, type ReconcileRequest } from "./message.ts";

type ObserveDeps = {
  /** The anchor's own account. */
  readonly account: string;
  readonly estate: EstateFile;
  readonly cache: Pick<LineCache, "lineNames" | "get">;
  /** Answers that may be a minute old, for events. The resync reads anew. */
  readonly recent: { readonly estate: EstateFile; readonly cache: Pick<LineCache, "get"> };
  readonly slotRecords: Pick<SlotRecords, "list" | "get">;
  readonly artifacts: Pick<Artifacts, "uploads" | "listed">;
  readonly lines: LineQueue;
  readonly clock: Clock;
};

/** Returns the requests that were sent to the line queues. */
export async function observe(deps: ObserveDeps, event: BusEvent): Promise<readonly ReconcileRequest[]> {
  const scheduled = event["detail-type"] === "Scheduled Event";
  const { cache } = scheduled ? deps : deps.recent;
  const estate = await (scheduled ? deps.estate.load() : deps.recent.estate.load());
  const anchor = estate.anchors.find(({ account }) => account === deps.account);
  if (anchor === undefined) return [];
  const requests = scheduled ? await resync(deps, estate) : concerned(event, anchor);
  const found = await remembered({ cache, slotRecords: deps.slotRecords }, requests);
  const lines = isOfDeployment(event, anchor) ? await endedLines(deps, estate, found) : found;
  if (lines.length === 0) return [];
  await deps.lines.send(
    { account: anchor.account, region: anchor.region },
    lines.map((request) =>
      lineMessage(request, classOf(estate, request.line), `${event.id}-${nameIn(request)}`.slice(0, 128)),
    ),
  );
  return lines;
}

type Found = ReconcileRequest & { readonly line: Line };

/** Adds the line, which determines the queue. Events of unknown or removed lines end here. */
async function remembered(
  deps: Parameters<typeof lineOf>[0],
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

/**
 * True for an application stack that was made or changed. The pipeline has an event for this as well, so it wakes a line
 * only during a teardown, which waits for the work of abandoned executions.
 */
const isOfDeployment = ({ source, account, detail }: BusEvent, anchor: Anchor): boolean =>
  source === "aws.cloudformation" &&
  account !== anchor.account &&
  textAt(detail, "status-details", "status")?.startsWith("DELETE_") !== true;

/** The lines whose newest object asks for their end, or is not there. */
async function endedLines(
  { artifacts, clock }: Pick<ObserveDeps, "artifacts" | "clock">,
  estate: Estate,
  lines: readonly Found[],
): Promise<readonly Found[]> {
  const ended: Found[] = [];
  for (const found of lines) {
    const upload = await artifacts.listed(formatKey(found.line));
    if (upload === undefined || !isAlive(estate, found.line, upload, clock())) ended.push(found);
  }
  return ended;
}

const isAlive = (
  estate: Estate,
  line: Line,
  { size, lastModified }: Pick<Upload, "size" | "lastModified">,
  now: string,
): boolean => size > 0 && (expiryOf(estate, line, { lastModified }) ?? now) >= now;

/** Finds the lines that an event of AWS concerns. */
export function concerned(event: BusEvent, anchor: Anchor): readonly ReconcileRequest[] {
  switch (event.source) {
    case "aws.codepipeline":
      if (isBeginning(event)) return [];
      return named("pipeline", pipelineLine(textAt(event.detail, "pipeline") ?? ""), {
        executionId: textAt(event.detail, "execution-id"),
      });
    case "aws.cloudformation":
      return named("stack", linesOfStack(event, anchor));
    default:
      return [];
  }
}

/**
 * True for the first events of an execution. Its version is unknown until the source is read, and then the stage
 * `Package` begins, which no version holds for an approval.
 */
function isBeginning({ detail }: BusEvent): boolean {
  const [stage, state] = [textAt(detail, "stage"), textAt(detail, "state")];
  if (stage === undefined) return state === "STARTED";
  return stage === actionNames.source && (state === "STARTED" || state === "SUCCEEDED");
}

/** A stack with an operation in progress has no outcome yet. */
function linesOfStack({ account, detail }: BusEvent, anchor: Anchor): readonly string[] {
  if (textAt(detail, "status-details", "status")?.endsWith("_IN_PROGRESS")) return [];
  const stack = /:stack\/([^/]+)/.exec(textAt(detail, "stack-id") ?? "")?.[1] ?? "";
  if (account === anchor.account) return pipelineLine(stack);
  const here = anchor.environments.filter((environment) => environment.account === account);
  return linesOfStackName(
    stack,
    here.map(({ name }) => name),
  );
}

const pipelineLine = (name: string): readonly string[] => {
  const line = lineNameOfPipeline(name);
  return line === undefined ? [] : [line];
};

/** The name of a nested stack begins with its parent's name, but does not end like a line's name. */
function named(
  cause: ReconcileRequest["cause"],
  names: readonly string[],
  { executionId }: { readonly executionId?: string | undefined } = {},
): readonly ReconcileRequest[] {
  return names
    .filter((name) => isLineName(name) || isLineCode(name))
    .map((lineName) => ({ cause, lineName, ...(executionId !== undefined && { executionId }) }));
}

/**
 * Requests every line in the anchor's cache, every line with slot records, and every upload whose event may
 * be lost. A tombstone or an expired artifact of an unknown line is the normal end of a line, so it is
 * skipped.
 */
async function resync(deps: ObserveDeps, estate: Estate): Promise<readonly ReconcileRequest[]> {
  const withSlotRecord = (await deps.slotRecords.list(slotRecordsPrefix)).flatMap(
    ({ key }) => readSlotRecord(key)?.name ?? [],
  );
  const known = new Set([...(await deps.cache.lineNames()), ...withSlotRecord]);
  const found: ReconcileRequest[] = [];
  const now = deps.clock();
  for await (const upload of deps.artifacts.uploads(deps.account)) {
    const line = lineOfKey(upload.key);
    if (line === undefined) continue;
    if (known.delete(lineName(line)) || isAlive(estate, line, upload, now))
      found.push({ cause: "sweep", line });
  }
  return [...found, ...[...known].map((name): ReconcileRequest => ({ cause: "sweep", lineName: name }))];
}
