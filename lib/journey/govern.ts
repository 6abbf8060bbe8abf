/**
 * Takes turns with the other lines of the anchor. Each line marks what it does under a key of its own and then looks at
 * everybody's: a mark is written before the look that decides, so of two lines that take the last slot at once at least
 * one sees the other, and steps back. Nobody needs a lock, and a look that dies anywhere leaves marks the next one mends.
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
  /** The message's, so that a repeated look wakes others once. */
  readonly id: string;
  /** It has no pipeline. */
  readonly creates: boolean;
  /** When what it wants to release came. */
  readonly since: string;
};

/** How often a line steps back before another that took the same slot; then it waits for its next turn. */
const mostClaims = 4;

/** May this line begin? When it may, it holds a slot; when not, it is marked as waiting, and somebody will wake it. */
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
      // Room may be made before this mark can be seen, so everybody is looked at once more.
      await writeSlotRecord(deps, line, { ...self, state: "waiting" });
      if (before !== undefined) await deps.slotRecords.remove([before.stored]);
    } else {
      await wake(deps, request, all, queueState);
      await tidy(deps, request, all, ["leaving"]);
      return admission.may ? { may: false, position: 1, blockedBy: "slot" } : admission;
    }
  }
}

/** Whether a turn is of any use to the line: it may have been offered by several that made room. */
export const waitsForSlot = async (
  { slotRecords }: Pick<GovernDeps, "slotRecords">,
  line: Line,
): Promise<boolean> =>
  (await slotRecords.list(slotRecordsOf(lineName(line)))).some(
    ({ key }) => readSlotRecord(key)?.state === "waiting",
  );

/**
 * The line holds no slot any more, and those whose turn it is are woken. `between` is done before they are looked for,
 * and makes it worth looking even where the line held none: a pipeline that goes makes room, too.
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
  // This mark is the last to go: should the look die on the way, the next one knows that others are still to be woken.
  const leaving =
    mine.find(isLeaving) ?? (await writeSlotRecord(deps, request.line, { ...me, state: "leaving" }));
  await deps.slotRecords.remove(mine.filter((stored) => !isLeaving(stored)));
  await between?.();
  const all = await allSlotRecords(deps.slotRecords);
  await wake(deps, request, all, await queueStateOf(deps, request.estate, all));
  await deps.slotRecords.remove([leaving]);
}

/** Marks the slot as taken, then looks whether that was one too many. */
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

/** Removes the line's marks of these states; the duty of a `leaving` one is done before it goes. */
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
