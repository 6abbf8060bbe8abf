/**
 * Explores every course of a story: each possible next move, the death of each function before and after each
 * of its calls, and late or repeated events. It does not follow a path further when the state is known.
 */

import { openSimulatedCloud, type Snapshot, type Workshop } from "./cloud.ts";
import { extraState } from "./extra-state.ts";
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
  nameOf,
  nextIn,
  othersIn,
  play,
  type Rest,
  readsNewest,
  type Scene,
  type Story,
} from "./scene.ts";

type Found = Violation & {
  /** The choices from the beginning. */
  readonly path: readonly string[];
};

type Exploration = {
  readonly states: number;
  readonly transitions: number;
  /** The calls of functions. The exploration considers a death before and after each of them. */
  readonly deathPoints: number;
  readonly ends: number;
  readonly calls: number;
  readonly violations: readonly Found[];
  /** False when the exploration ended early. */
  readonly complete: boolean;
};

/**
 * The known states, with the faults that were still allowed there. Stories with the same uploads may share
 * them.
 */
export type Seen = Map<string, readonly Budget[]>;

type ExploreOptions = {
  readonly sabotage?: Sabotage | undefined;
  readonly seen?: Seen;
  /** Called between two paths. The exploration ends when it returns false. */
  readonly goOn?: (sofar: Progress) => boolean;
};

/** `waiting` is the number of choices that are not followed yet. */
type Progress = Omit<Exploration, "violations" | "complete"> & { readonly waiting: number };

type Node = {
  readonly from: Snapshot | undefined;
  readonly history: HistoryCopy;
  readonly rest: Rest;
  readonly choice: Choice | undefined;
  readonly path: readonly string[];
};

/** The state of one exploration, which all of its paths share. */
type Search = {
  readonly workshop: Workshop;
  readonly story: Story;
  readonly sabotage: Sabotage | undefined;
  readonly seen: Seen;
  readonly open: ReturnType<typeof createAgenda>;
  readonly violations: Found[];
  readonly counts: { states: number; transitions: number; deathPoints: number; ends: number; calls: number };
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
  const search: Search = { workshop, story, sabotage, seen, open, violations, counts };
  for (let node = open.next(); node !== undefined; node = open.next()) {
    await follow(search, node);
    if (violations.length > 0 || !goOn({ ...counts, waiting: open.size() })) break;
  }
  return { ...counts, violations, complete: open.size() === 0 && violations.length === 0 };
}

const report = ({ violations }: Search, found: readonly Violation[], path: readonly string[]): void =>
  void violations.push(...found.map((violation) => ({ ...violation, path })));

/** The calls of the functions on a path. */
type Watched = { acted: number; readNewest: boolean };

/** Plays on from the node, and checks the invariants at the end of its path. */
async function follow(search: Search, node: Node): Promise<void> {
  const { workshop, story, sabotage, counts } = search;
  const watched: Watched = { acted: 0, readNewest: false };
  const cloud = await openSimulatedCloud({ workshop, sabotage, ...(node.from && { from: node.from }) });
  const history = createHistory(cloud, node.history);
  const player = createPlayer(cloud, (by, asked, outcome, about) => {
    counts.calls += 1;
    history.asked(by, asked, outcome, about);
    if (changesSomething(asked.operation)) watched.acted += 1;
    watched.readNewest ||= readsNewest(player, asked);
  });
  try {
    const path = await walk(search, node, { player, history, story }, watched);
    if (path === undefined) return;
    counts.ends += 1;
    const atRest = await comeToRest(player, history, () => watched.acted);
    report(search, [...unrest(atRest), ...(await checkAll(cloud, history))], path);
  } finally {
    await cloud.stop();
  }
}

/**
 * Plays on from the node without faults, and adds all alternatives to the agenda. Returns the path, or
 * undefined when it meets a known state.
 */
async function walk(
  search: Search,
  node: Node,
  scene: Scene,
  watched: Watched,
): Promise<readonly string[] | undefined> {
  const { seen, open, counts } = search;
  const { player, history } = scene;
  const { cloud } = player;
  let { rest, path, choice } = node;
  let last = "";
  for (;;) {
    if (choice !== undefined) {
      ({ rest } = await play(scene, rest, choice));
      path = [...path, nameOf(choice)];
      counts.transitions += 1;
      history.observe();
    }
    let next = nextIn(player);
    for (; isIdle(player, next); next = nextIn(player)) {
      counts.transitions += 1;
      counts.deathPoints += (await play(scene, rest, { type: "next" })).calls;
    }
    const state = fingerprint(cloud, await extraState(cloud, history, rest));
    // Time may pass, and a message may be deleted, without a change of the fingerprint.
    if (!isNew(seen, state, rest) && state !== last) {
      // An earlier path to this state may have kept a lasting invariant that this path has broken.
      report(search, await checkLasting(cloud, history), path);
      return undefined;
    }
    if (state !== last) counts.states += 1;
    last = state;
    const others = othersIn(scene, rest);
    const here = { from: cloud.snapshot(), history: history.copy(), rest, path };
    if (next === undefined) {
      [choice] = others;
      if (choice === undefined) return path;
      for (const other of others.slice(1)) open.add({ ...here, choice: other });
      continue;
    }
    watched.readNewest = next.type === "tick";
    const played = await play(scene, rest, { type: "next" });
    counts.transitions += 1;
    counts.deathPoints += played.calls;
    for (const other of others)
      if (other.type !== "upload" || watched.readNewest) open.add({ ...here, choice: other });
    if (rest.deaths > 0)
      for (let death = 0; played.calls > 0 && death <= played.effects; death += 1)
        open.add({ ...here, choice: { type: "next", death } });
    rest = played.rest;
    path = [...path, nameOf({ type: "next" })];
    choice = undefined;
    history.observe();
  }
}

/**
 * Nodes with the most allowed faults come first, because a state that was seen with more faults need not be
 * seen with less.
 */
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

/** The faults that are allowed after the node's choice. */
function afterwards({ rest: { deaths, late, twice }, choice }: Node): Budget {
  if (choice?.type !== "next") return { deaths, late, twice };
  return {
    deaths: deaths - (choice.death === undefined ? 0 : 1),
    late: late - (choice.hold === "late" ? 1 : 0),
    twice: twice - (choice.hold === "twice" ? 1 : 0),
  };
}

/** Returns whether the state is unknown with this many allowed faults, and records it. */
function isNew(seen: Seen, state: string, { deaths, late, twice }: Rest): boolean {
  const before = seen.get(state) ?? [];
  if (before.some((had) => had.deaths >= deaths && had.late >= late && had.twice >= twice)) return false;
  const more = before.filter((had) => had.deaths > deaths || had.late > late || had.twice > twice);
  seen.set(state, [...more, { deaths, late, twice }]);
  return true;
}
