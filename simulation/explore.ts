/**
 * Every way a story can go: each next thing that can happen happens, each function dies before and after each of its
 * calls, events come late or twice. What leads to a world that was seen already is not followed again.
 */
import { openWorld, type Snapshot, type Workshop } from "./cloud.ts";
import { fingerprint } from "./fingerprint.ts";
import type { Sabotage } from "./functions.ts";
import { beginHistory, createHistory, type HistoryCopy } from "./history.ts";
import { checkAll, type Violation } from "./invariants.ts";
import { createPlayer } from "./player.ts";
import { changesSomething, comeToRest, unrest } from "./rest.ts";
import {
  beside,
  type Choice,
  choicesIn,
  nameOf,
  nextIn,
  play,
  type Rest,
  type Scene,
  type Story,
} from "./scene.ts";

export type Found = Violation & {
  /** What was chosen, from the beginning. */
  readonly path: readonly string[];
};

export type Exploration = {
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

export type ExploreOptions = {
  readonly sabotage?: Sabotage | undefined;
  /** Asked between two paths; false ends the exploration. */
  readonly goOn?: (sofar: Omit<Exploration, "violations" | "complete">) => boolean;
};

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
  { sabotage, goOn = () => true }: ExploreOptions = {},
): Promise<Exploration> {
  const seen = new Set<string>();
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
  const nodes: Node[] = [first];
  for (let node = nodes.pop(); node !== undefined; node = nodes.pop()) {
    await follow(node);
    if (violations.length > 0 || !goOn(counts)) break;
  }
  return { ...counts, violations, complete: nodes.length === 0 && violations.length === 0 };

  /** Plays on from the node, always as if nothing went wrong, and leaves what could have happened instead for later. */
  async function follow(node: Node): Promise<void> {
    let acted = 0;
    const world = await openWorld({ workshop, sabotage, ...(node.from && { from: node.from }) });
    const history = createHistory(world, node.history);
    const player = createPlayer(world, (by, asked, outcome, about) => {
      counts.calls += 1;
      history.asked(by, asked, outcome, about);
      if (changesSomething(asked.operation)) acted += 1;
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
        const state = fingerprint(world, await beside(scene, rest));
        // Time may pass without anything to be seen of it.
        const still = state === last && nextIn(player)?.type === "tick";
        if (seen.has(state) && !still) return;
        if (state !== last) counts.states += 1;
        last = state;
        seen.add(state);
        const [next, ...others] = choicesIn(scene, rest);
        if (next === undefined) break;
        const here = { from: world.snapshot(), history: history.copy(), rest, path };
        for (const other of others) nodes.push({ ...here, choice: other });
        const played = await play(scene, rest, next);
        counts.transitions += 1;
        counts.deathPoints += played.calls;
        if (rest.deaths > 0 && next.type === "next")
          for (let death = 0; played.calls > 0 && death <= played.effects; death += 1)
            nodes.push({ ...here, choice: { ...next, death } });
        rest = played.rest;
        path = [...path, nameOf(next)];
        choice = undefined;
        history.look();
      }
      counts.ends += 1;
      const atRest = await comeToRest(player, history, () => acted);
      const found = [...unrest(atRest), ...(await checkAll(world, history))];
      violations.push(...found.map((violation) => ({ ...violation, path })));
    } finally {
      await world.stop();
    }
  }
}
