/**
 * Takes turns with the other lines of the anchor. Each line marks what it does under a key of its own and then looks at
 * everybody's: a mark is written before the look that decides, so of two lines that take the last slot at once at least
 * one sees the other, and steps back. Nobody needs a lock, and a look that dies anywhere leaves marks the next one mends.
 */

import type { StoredMark } from "#ports/marks.ts";
import { classOf, teamOf } from "#release/estate/branch-class.ts";
import type { Estate } from "#release/estate/estate.ts";
import { type Contender, lackOf, type Turn, turnOf } from "#release/line/governor.ts";
import { type Mark, type MarkState, markKey, marksOf, readMark } from "#release/line/marks.ts";
import type { Line } from "#release/names/key.ts";
import { lineName } from "#release/names/names.ts";
import { everybody, type GovernWorld, type Held, standingOf, wake } from "./standing.ts";

export type Wish = {
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
export async function takeTurn(world: GovernWorld, wish: Wish): Promise<Turn> {
  const { estate, line } = wish;
  const me = contender(wish);
  for (let claims = 0; ; ) {
    const all = await everybody(world.marks);
    const mine = all.filter(({ name }) => name === me.name);
    if (mine.some(({ state }) => state === "running")) {
      await tidy(world, wish, all, ["waiting", "leaving"]);
      return { may: true };
    }
    const before = mine.find(({ state }) => state === "waiting");
    const self = { ...me, ...(before && { since: before.since }) };
    const waits = before?.stored.key === markKey({ ...self, state: "waiting" });
    const standing = await standingOf(world, estate, withMe(all, self));
    const turn = turnOf(me.name, standing, estate);
    if (turn.may && claims < mostClaims) {
      claims += 1;
      if (await claim(world, wish, self)) return turn;
      if (!waits) await mark(world, line, { ...self, state: "waiting" });
      await stepBack(world, me.name);
    } else if (!waits) {
      // Room may be made before this mark can be seen, so everybody is looked at once more.
      await mark(world, line, { ...self, state: "waiting" });
      if (before !== undefined) await world.marks.remove([before.stored]);
    } else {
      await wake(world, wish, all, standing);
      await tidy(world, wish, all, ["leaving"]);
      return turn.may ? { may: false, position: 1, lacks: "slot" } : turn;
    }
  }
}

/** Whether a turn is of any use to the line: it may have been offered by several that made room. */
export const waitsForTurn = async ({ marks }: Pick<GovernWorld, "marks">, line: Line): Promise<boolean> =>
  (await marks.list(marksOf(lineName(line)))).some(({ key }) => readMark(key)?.state === "waiting");

/**
 * The line holds no slot any more, and those whose turn it is are woken. `between` is done before they are looked for,
 * and makes it worth looking even where the line held none: a pipeline that goes makes room, too.
 */
export async function makeRoom(world: GovernWorld, wish: Wish, between?: () => Promise<void>): Promise<void> {
  const me = contender(wish);
  const mine = await world.marks.list(marksOf(me.name));
  if (mine.length === 0 && between === undefined) return;
  const isLeaving = ({ key }: StoredMark): boolean => readMark(key)?.state === "leaving";
  // This mark is the last to go: should the look die on the way, the next one knows that others are still to be woken.
  const leaving = mine.find(isLeaving) ?? (await mark(world, wish.line, { ...me, state: "leaving" }));
  await world.marks.remove(mine.filter((stored) => !isLeaving(stored)));
  await between?.();
  const all = await everybody(world.marks);
  await wake(world, wish, all, await standingOf(world, wish.estate, all));
  await world.marks.remove([leaving]);
}

/** Marks the slot as taken, then looks whether that was one too many. */
async function claim(world: GovernWorld, wish: Wish, self: Contender): Promise<boolean> {
  const { estate, line } = wish;
  await mark(world, line, { ...self, state: "running" });
  const all = await everybody(world.marks);
  const { running, pipelines } = await standingOf(world, estate, all);
  if (lackOf(self, running, pipelines, estate) !== undefined) return false;
  await tidy(world, wish, all, ["waiting", "leaving"]);
  return true;
}

async function stepBack({ marks }: GovernWorld, name: string): Promise<void> {
  const mine = await marks.list(marksOf(name));
  await marks.remove(mine.filter(({ key }) => readMark(key)?.state === "running"));
}

/** Removes the line's marks of these states; the duty of a `leaving` one is done before it goes. */
async function tidy(
  world: GovernWorld,
  wish: Wish,
  all: readonly Held[],
  states: readonly MarkState[],
): Promise<void> {
  const name = lineName(wish.line);
  const old = all.filter((each) => each.name === name && states.includes(each.state));
  if (old.some(({ state }) => state === "leaving")) {
    await wake(world, wish, all, await standingOf(world, wish.estate, all));
  }
  await world.marks.remove(old.map(({ stored }) => stored));
}

function contender({ estate, line, creates, since }: Wish): Contender {
  const team = teamOf(estate, line);
  const named = team !== undefined && { team };
  return { name: lineName(line), class: classOf(estate, line), ...named, creates, since };
}

const withMe = (all: readonly Mark[], self: Contender): readonly Mark[] => [
  ...all.filter(({ name }) => name !== self.name),
  { ...self, state: "waiting" },
];

const mark = ({ marks }: GovernWorld, line: Line, made: Mark): Promise<StoredMark> =>
  marks.put(markKey(made), new TextEncoder().encode(JSON.stringify(line)));
