/**
 * Admits lines to the anchor's slots. Each line writes a slot record under a key of its own and then reads
 * the records of all lines. The record is written before the decisive read, so of two lines that take the
 * last slot at once, at least one sees the other and withdraws. No lock is needed, and the next run repairs
 * the records of a run that crashed.
 */

import type { StoredSlotRecord } from "#ports/slot-records.ts";
import { classOf, teamOf } from "#release/estate/branch-class.ts";
import type { Estate } from "#release/estate/estate.ts";
import { type Admission, admissionOf, blockerOf, type Contender } from "#release/line/governor.ts";
import {
  readSlotRecord,
  type SlotRecord,
  type SlotState,
  slotRecordKey,
  slotRecordsOf,
} from "#release/line/slot-records.ts";
import type { Line } from "#release/names/key.ts";
import { lineName } from "#release/names/names.ts";
import { allSlotRecords, type GovernDeps, type Held, queueStateOf, wake } from "./queue-state.ts";

export type SlotRequest = {
  readonly estate: Estate;
  readonly line: Line;
  /** The id of the message, so a repeated run wakes other lines only once. */
  readonly id: string;
  /** The line has no pipeline yet. */
  readonly creates: boolean;
  /** The time of the upload that the line wants to release. */
  readonly since: string;
};

/**
 * The number of times a line withdraws for another line that took the same slot. Then the line waits for its
 * next admission.
 */
const mostClaims = 4;

/**
 * Requests a slot for the line. An admitted line holds a slot; any other line has a `waiting` record, and a
 * line that releases a slot wakes it.
 */
export async function requestSlot(deps: GovernDeps, request: SlotRequest): Promise<Admission> {
  const { estate, line } = request;
  const me = contender(request);
  for (let claims = 0; ; ) {
    const all = await allSlotRecords(deps.slotRecords);
    const mine = all.filter(({ name }) => name === me.name);
    if (mine.some(({ state }) => state === "running")) {
      await tidy(deps, request, all, ["waiting", "leaving"]);
      return { may: true };
    }
    const before = mine.find(({ state }) => state === "waiting");
    const self = { ...me, ...(before && { since: before.since }) };
    const waits = before?.stored.key === slotRecordKey({ ...self, state: "waiting" });
    const queueState = await queueStateOf(deps, estate, withMe(all, self));
    const admission = admissionOf(me.name, queueState, estate);
    if (admission.may && claims < mostClaims) {
      claims += 1;
      if (await claim(deps, request, self)) return admission;
      if (!waits) await writeSlotRecord(deps, line, { ...self, state: "waiting" });
      await stepBack(deps, me.name);
    } else if (!waits) {
      // A slot may be released before this record is visible, so the loop reads all records once more.
      await writeSlotRecord(deps, line, { ...self, state: "waiting" });
      if (before !== undefined) await deps.slotRecords.remove([before.stored]);
    } else {
      await wake(deps, request, all, queueState);
      await tidy(deps, request, all, ["leaving"]);
      return admission.may ? { may: false, position: 1, blockedBy: "slot" } : admission;
    }
  }
}

/** True when the line still waits for a slot. Several lines that release a slot may wake the same line. */
export const waitsForSlot = async (
  { slotRecords }: Pick<GovernDeps, "slotRecords">,
  line: Line,
): Promise<boolean> =>
  (await slotRecords.list(slotRecordsOf(lineName(line)))).some(
    ({ key }) => readSlotRecord(key)?.state === "waiting",
  );

/**
 * Releases the line's slot and wakes the lines that are admitted next. `between` runs before they are read;
 * with it, lines are woken even when this line held no slot, because a removed pipeline frees capacity too.
 */
export async function releaseSlot(
  deps: GovernDeps,
  request: SlotRequest,
  between?: () => Promise<void>,
): Promise<void> {
  const me = contender(request);
  const mine = await deps.slotRecords.list(slotRecordsOf(me.name));
  if (mine.length === 0 && between === undefined) return;
  const isLeaving = ({ key }: StoredSlotRecord): boolean => readSlotRecord(key)?.state === "leaving";
  // The `leaving` record is removed last: after a crash, the next run sees that other lines must still be
  // woken.
  const leaving =
    mine.find(isLeaving) ?? (await writeSlotRecord(deps, request.line, { ...me, state: "leaving" }));
  await deps.slotRecords.remove(mine.filter((stored) => !isLeaving(stored)));
  await between?.();
  const all = await allSlotRecords(deps.slotRecords);
  await wake(deps, request, all, await queueStateOf(deps, request.estate, all));
  await deps.slotRecords.remove([leaving]);
}

/** Writes the `running` record, then checks whether the slots are exceeded. */
async function claim(deps: GovernDeps, request: SlotRequest, self: Contender): Promise<boolean> {
  const { estate, line } = request;
  await writeSlotRecord(deps, line, { ...self, state: "running" });
  const all = await allSlotRecords(deps.slotRecords);
  const { running, pipelines } = await queueStateOf(deps, estate, all);
  if (blockerOf(self, running, pipelines, estate) !== undefined) return false;
  await tidy(deps, request, all, ["waiting", "leaving"]);
  return true;
}

async function stepBack({ slotRecords }: GovernDeps, name: string): Promise<void> {
  const mine = await slotRecords.list(slotRecordsOf(name));
  await slotRecords.remove(mine.filter(({ key }) => readSlotRecord(key)?.state === "running"));
}

/** Removes the line's records in these states. A `leaving` record wakes other lines before it is removed. */
async function tidy(
  deps: GovernDeps,
  request: SlotRequest,
  all: readonly Held[],
  states: readonly SlotState[],
): Promise<void> {
  const name = lineName(request.line);
  const old = all.filter((each) => each.name === name && states.includes(each.state));
  if (old.some(({ state }) => state === "leaving")) {
    await wake(deps, request, all, await queueStateOf(deps, request.estate, all));
  }
  await deps.slotRecords.remove(old.map(({ stored }) => stored));
}

function contender({ estate, line, creates, since }: SlotRequest): Contender {
  const team = teamOf(estate, line);
  const named = team !== undefined && { team };
  return { name: lineName(line), class: classOf(estate, line), ...named, creates, since };
}

const withMe = (all: readonly SlotRecord[], self: Contender): readonly SlotRecord[] => [
  ...all.filter(({ name }) => name !== self.name),
  { ...self, state: "waiting" },
];

const writeSlotRecord = (
  { slotRecords }: GovernDeps,
  line: Line,
  made: SlotRecord,
): Promise<StoredSlotRecord> =>
  slotRecords.put(slotRecordKey(made), new TextEncoder().encode(JSON.stringify(line)));
