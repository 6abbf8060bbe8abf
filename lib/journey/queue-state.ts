/**
 * Reads the slot records of all lines, derives the governor's queue state from them, and wakes the lines that
 * are admitted next.
 */

import type { Clock } from "#ports/clock.ts";
import type { LineCache } from "#ports/line-cache.ts";
import type { LineQueue } from "#ports/line-queue.ts";
import type { SlotRecords, StoredSlotRecord } from "#ports/slot-records.ts";
import type { BranchClass } from "#release/estate/branch-class.ts";
import type { Estate } from "#release/estate/estate.ts";
import { admittedLines, type QueueState } from "#release/line/governor.ts";
import {
  readSlotRecord,
  type SlotRecord,
  type SlotState,
  slotRecordsPrefix,
} from "#release/line/slot-records.ts";
import type { Line } from "#release/names/key.ts";
import { lineName } from "#release/names/names.ts";
import { anchorOf } from "#release/traits/targets.ts";
import { lineAt, unreadable } from "./line-of.ts";
import { lineMessage } from "./message.ts";

export type GovernDeps = {
  readonly slotRecords: SlotRecords;
  readonly cache: Pick<LineCache, "lineNames">;
  readonly lines: LineQueue;
  readonly clock: Clock;
};

export type Held = SlotRecord & { readonly stored: StoredSlotRecord };

export const allSlotRecords = async (slotRecords: SlotRecords): Promise<readonly Held[]> =>
  (await slotRecords.list(slotRecordsPrefix)).flatMap((stored) => {
    const read = readSlotRecord(stored.key);
    return read === undefined ? [] : [{ ...read, stored }];
  });

export async function queueStateOf(
  { cache, clock }: GovernDeps,
  { pace }: Estate,
  all: readonly SlotRecord[],
): Promise<QueueState> {
  const inState = (state: SlotState) => all.filter((each) => each.state === state);
  const made = all.some(({ creates }) => creates) ? await cache.lineNames() : [];
  const agedSince = new Date(Date.parse(clock()) - pace.ageingMinutes * 60_000).toISOString();
  return { running: inState("running"), waiting: inState("waiting"), pipelines: new Set(made), agedSince };
}

/** `id` is the id of the current message: a redelivery wakes no line twice. */
export async function wake(
  deps: GovernDeps,
  { estate, line, id }: { readonly estate: Estate; readonly line: Line; readonly id: string },
  all: readonly Held[],
  queueState: QueueState,
): Promise<void> {
  const own = lineName(line);
  const next = admittedLines(queueState, estate).filter(({ name }) => name !== own);
  const messages = await Promise.all(
    next.map(async ({ name, class: of }) => {
      const held = all.find((each) => each.name === name && each.state === "waiting");
      const found = held && (await lineAt(deps.slotRecords, held.stored.key).catch(unreadable)); // undefined too when the record was removed meanwhile
      return found && messageTo(found, of, id);
    }),
  );
  const { account, region } = anchorOf(estate, line);
  await deps.lines.send(
    { account, region },
    messages.filter((message) => message !== undefined),
  );
}

const messageTo = (line: Line, of: BranchClass, id: string) =>
  lineMessage({ cause: "turn", line }, of, `${id}-${lineName(line)}`.slice(0, 128));
