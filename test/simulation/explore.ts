/**
 * Every way a story can go: each next thing that can happen happens, each function dies before and after each of its
 * calls, events come late or twice. What leads to a world that was seen already is not followed again.
 */
import { beside } from "./beside.ts";
import { openWorld, type Snapshot, type Workshop } from "./cloud.ts";
import { fingerprint } from "./fingerprint.ts";
import type { Sabotage } from "./functions.ts";
import { beginHistory, createHistory, type HistoryCopy } from "./history.ts";
import { checkAll, checkLasting, type Violation } from "./invariants.ts";
import { createPlayer } from "./player.ts";
import { changesSomething, comeToRest, unrest } from "./rest.ts";
import {
  type Budget,
  type Choice,
  isIdle,
  looksAtNewest,
  nameOf,
  nextIn,
  othersIn,
  play,
  type Rest,
  type Scene,
  type Story,
} from "./scene.ts";

type Found = Violation & {
  /** What was chosen, from the beginning. */
  readonly path: readonly string[];
};

type Exploration = {
  readonly states: number;
  readonly transitions: number;
  /** Calls a function made, before and after each of which its death was considered. */
  readonly deathPoints: number;
  readonly ends: number;
  readonly calls: number;
  readonly violations: readonly Found[];
  /** False when it was ended early. */
  readonly complete: boolean;
};

/** States that were seen, with what could still go wrong there. Stories of the same uploads may share it. */
export type Seen = Map<string, readonly Budget[]>;

type ExploreOptions = {
  readonly sabotage?: Sabotage | undefined;
  readonly seen?: Seen;
  /** Asked between two paths; false ends the exploration. */
  readonly goOn?: (sofar: Progress) => boolean;
};

/** `waiting`: choices that are still to be followed. */
type Progress = Omit<Exploration, "violations" | "complete"> & { readonly waiting: number };

type Node = {
  readonly from: Snapshot | undefined;
  readonly history: HistoryCopy;
  readonly rest: Rest;
  readonly choice: Choice | undefined;
  readonly path: readonly string[];
};

export async function explore(
  workshop: Workshop,
  story: Story,
  { sabotage, seen = new Map(), goOn = () => true }: ExploreOptions = {},
): Promise<Exploration> {
  const violations: Found[] = [];
  const counts = { states: 0, transitions: 0, deathPoints: 0, ends: 0, calls: 0 };
  const { deaths, late, twice } = story;
  const first: Node = {
    from: undefined,
    history: beginHistory([story.line]),
    rest: { uploaded: 0, deaths, late, twice, held: [] },
    choice: undefined,
    path: [],
  };
  const open = createAgenda();
  open.add(first);
  for (let node = open.next(); node !== undefined; node = open.next()) {
    await follow(node);
    if (violations.length > 0 || !goOn({ ...counts, waiting: open.size() })) break;
  }
  return { ...counts, violations, complete: open.size() === 0 && violations.length === 0 };

  function report(found: readonly Violation[], path: readonly string[]): void {
    violations.push(...found.map((violation) => ({ ...violation, path })));
  }

  /** Plays on from the node, always as if nothing went wrong, and leaves what could have happened instead for later. */
  async function follow(node: Node): Promise<void> {
    let acted = 0;
    let newest = false;
    const world = await openWorld({ workshop, sabotage, ...(node.from && { from: node.from }) });
    const history = createHistory(world, node.history);
    const player = createPlayer(world, (by, asked, outcome, about) => {
      counts.calls += 1;
      history.asked(by, asked, outcome, about);
      if (changesSomething(asked.operation)) acted += 1;
      newest ||= looksAtNewest(player, asked);
    });
    const scene: Scene = { player, history, story };
    let { rest, path, choice } = node;
    let last = "";
    try {
      for (;;) {
        if (choice !== undefined) {
          ({ rest } = await play(scene, rest, choice));
          path = [...path, nameOf(choice)];
          counts.transitions += 1;
          history.look();
        }
        let next = nextIn(player);
        for (; isIdle(player, next); next = nextIn(player)) {
          counts.transitions += 1;
          counts.deathPoints += (await play(scene, rest, { type: "next" })).calls;
        }
        const state = fingerprint(world, await beside(world, history, rest));
        // Time may pass, and a message be done with, without anything to be seen of it.
        if (!isNew(seen, state, rest) && state !== last) {
          // Whoever was here before may have kept what this path has broken on its way.
          report(await checkLasting(world, history), path);
          return;
        }
        if (state !== last) counts.states += 1;
        last = state;
        const others = othersIn(scene, rest);
        const here = { from: world.snapshot(), history: history.copy(), rest, path };
        if (next === undefined) {
          [choice] = others;
          if (choice === undefined) break;
          for (const other of others.slice(1)) open.add({ ...here, choice: other });
          continue;
        }
        newest = next.type === "tick";
        const played = await play(scene, rest, { type: "next" });
        counts.transitions += 1;
        counts.deathPoints += played.calls;
        for (const other of others)
          if (other.type !== "upload" || newest) open.add({ ...here, choice: other });
        if (rest.deaths > 0)
          for (let death = 0; played.calls > 0 && death <= played.effects; death += 1)
            open.add({ ...here, choice: { type: "next", death } });
        rest = played.rest;
        path = [...path, nameOf({ type: "next" })];
        choice = undefined;
        history.look();
      }
      counts.ends += 1;
      const atRest = await comeToRest(player, history, () => acted);
      report([...unrest(atRest), ...(await checkAll(world, history))], path);
    } finally {
      await world.stop();
    }
  }
}

/** Where most can still go wrong comes first: what is seen there need not be seen again with less. */
function createAgenda() {
  const byBudget: Node[][] = [[], [], [], []];
  return {
    add: (node: Node): void => {
      const { deaths, late, twice } = afterwards(node);
      byBudget[Math.min(deaths + late + twice, byBudget.length - 1)]?.push(node);
    },
    next: (): Node | undefined => byBudget.findLast((nodes) => nodes.length > 0)?.pop(),
    size: (): number => byBudget.reduce((sum, nodes) => sum + nodes.length, 0),
  };
}

/** What can go wrong after the node's choice. */
function afterwards({ rest: { deaths, late, twice }, choice }: Node): Budget {
  if (choice?.type !== "next") return { deaths, late, twice };
  return {
    deaths: deaths - (choice.death === undefined ? 0 : 1),
    late: late - (choice.hold === "late" ? 1 : 0),
    twice: twice - (choice.hold === "twice" ? 1 : 0),
  };
}

/** Whether the state was never seen with as much that could still go wrong; it has been from now on. */
function isNew(seen: Seen, state: string, { deaths, late, twice }: Rest): boolean {
  const before = seen.get(state) ?? [];
  if (before.some((had) => had.deaths >= deaths && had.late >= late && had.twice >= twice)) return false;
  const more = before.filter((had) => had.deaths > deaths || had.late > late || had.twice > twice);
  seen.set(state, [...more, { deaths, late, twice }]);
  return true;
}
