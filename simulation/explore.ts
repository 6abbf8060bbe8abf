/**
 * Every way a story can go: each next thing that can happen happens, each function dies before and after each of its
 * calls, events come late or twice. What leads to a world that was seen already is not followed again.
 */
import { functions } from "#anchor/names.ts";
import type { QueuedEvent } from "#cloud/services/lambda/state.ts";
import type { Line } from "#release/key.ts";
import { openWorld, type Snapshot, type Workshop } from "./cloud.ts";
import { toldOf } from "./estate-view.ts";
import { fingerprint } from "./fingerprint.ts";
import type { Upload } from "./fleet.ts";
import type { Sabotage } from "./functions.ts";
import { beginHistory, createHistory, type History, type HistoryCopy } from "./history.ts";
import { checkAll, type Violation } from "./invariants.ts";
import { type Circumstances, createPlayer, type Player, pass } from "./player.ts";
import { changesSomething, comeToRest } from "./rest.ts";
import { artifactOf } from "./uploads.ts";

/** What may happen in a story, and how often. */
export type Story = {
  readonly line: Line;
  readonly uploads: readonly Upload[];
  readonly deaths: number;
  /** Events that come late, or never. */
  readonly late: number;
  /** Events that come a second time, whenever they like. */
  readonly twice: number;
};

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

type HeldBack =
  | { readonly type: "event"; readonly event: QueuedEvent & { readonly account: string } }
  | { readonly type: "upload"; readonly body: string };

/** What is still to come, beside the world. */
type Rest = {
  readonly uploaded: number;
  readonly deaths: number;
  readonly late: number;
  readonly twice: number;
  readonly held: readonly HeldBack[];
};

type Choice =
  | { readonly type: "upload" }
  /** What the cloud would do next. `death`: how many changes it has made by then. */
  | { readonly type: "next"; readonly hold?: "late" | "twice"; readonly death?: number }
  | { readonly type: "release" | "lose" }
  | { readonly type: "reappear"; readonly at: number };

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
      const { rested } = await comeToRest(player, history, () => acted);
      const found = rested
        ? await checkAll(world, history)
        : [{ invariant: "comes-to-rest", seen: "It is still changing something." }];
      violations.push(...found.map((violation) => ({ ...violation, path })));
    } finally {
      await world.stop();
    }
  }
}

type Scene = { readonly player: Player; readonly history: History; readonly story: Story };

const nameOf = (choice: Choice): string =>
  Object.entries(choice)
    .map(([name, value]) => (name === "type" ? String(value) : `${name} ${value}`))
    .join(" ");

/** What the tables do not say: what uploaders were told, what was once started, and what is still to come. */
async function beside({ player, history }: Scene, rest: Rest): Promise<unknown> {
  const [line] = history.lines;
  if (line === undefined) return rest;
  const told = await Promise.all(
    [undefined, ...line.uploads.map(({ version }) => version)].map(async (version) => {
      const result = await toldOf(player.world, line.line, version);
      return result && [result.version, result.status, result.reason.code, result.execution];
    }),
  );
  const held = rest.held.map((each) =>
    each.type === "event" ? textOfEvent(each.event.payload) : textOfEvent(each.body),
  );
  return [told, [...line.executions.values()], line.deployments, { ...rest, held }];
}

/** Of an event, what its function reads. */
function textOfEvent(payload: string): unknown {
  const { source, detail } = JSON.parse(payload) as { source?: string; detail?: Record<string, unknown> };
  return [
    source,
    detail?.["pipeline"],
    detail?.["execution-id"],
    detail?.["stack-id"],
    detail?.["status-details"],
    detail?.["object"],
  ];
}

function choicesIn(scene: Scene, rest: Rest): readonly Choice[] {
  const { player, story } = scene;
  const next = nextIn(player);
  const choices: Choice[] = [];
  if (next !== undefined) choices.push({ type: "next" });
  if (rest.uploaded < story.uploads.length) choices.push({ type: "upload" });
  if (rest.held.length > 0) {
    choices.push({ type: "release" });
    if (choices.length === 1) choices.push({ type: "lose" });
  }
  inFlight(player).forEach((_, at) => {
    choices.push({ type: "reappear", at });
  });
  if (next !== undefined && mayBeHeld(next)) {
    if (rest.late > 0) choices.push({ type: "next", hold: "late" });
    if (rest.twice > 0) choices.push({ type: "next", hold: "twice" });
  }
  return choices;
}

type Next =
  | { readonly type: "event"; readonly id: string; readonly function: string }
  | { readonly type: "poll"; readonly poll: Player["world"]["base"]["polls"][number] }
  | { readonly type: "tick" };

/** Events are prompt, and time passes when there is nothing else to do. */
function nextIn(player: Player): Next | undefined {
  const [event] = player.events();
  if (event !== undefined) return { type: "event", id: event.id, function: event.function };
  const poll = player.world.base.polls.find(player.canReceive);
  if (poll !== undefined) return { type: "poll", poll };
  return player.canTick() ? { type: "tick" } : undefined;
}

/** Of EventBridge: those of a queue or of CodePipeline's jobs are not lost. */
const mayBeHeld = (next: Next): boolean =>
  (next.type === "event" && next.function === functions.observe) ||
  (next.type === "poll" && next.poll.of.name === functions.route);

const inFlight = (player: Player) =>
  player.world.base.polls.flatMap((poll) => player.inFlight(poll).map((message) => ({ poll, message })));

type Played = { readonly rest: Rest; readonly calls: number; readonly effects: number };

async function play(scene: Scene, rest: Rest, choice: Choice): Promise<Played> {
  const { player, history, story } = scene;
  switch (choice.type) {
    case "upload": {
      const upload = story.uploads[rest.uploaded];
      const [line] = history.lines;
      if (upload === undefined || line === undefined) return { rest, calls: 0, effects: 0 };
      const version = await player.upload(story.line, artifactOf(upload.kind, upload.content));
      line.uploads.push({ version, ...upload });
      return { rest: { ...rest, uploaded: rest.uploaded + 1 }, calls: 0, effects: 0 };
    }
    case "release": {
      const [held, ...others] = rest.held;
      if (held?.type === "event") player.bring(held.event);
      else if (held !== undefined) await player.sendIntake(held.body);
      return { rest: { ...rest, held: others }, calls: 0, effects: 0 };
    }
    case "lose":
      return { rest: { ...rest, held: rest.held.slice(1) }, calls: 0, effects: 0 };
    case "reappear": {
      const found = inFlight(player)[choice.at];
      if (found !== undefined) await player.reappear(found.poll, found.message);
      return { rest, calls: 0, effects: 0 };
    }
    case "next":
      return playNext(scene, rest, choice);
  }
}

async function playNext(
  { player }: Scene,
  before: Rest,
  { hold, death }: Extract<Choice, { readonly type: "next" }>,
): Promise<Played> {
  const next = nextIn(player);
  let rest = before;
  if (next === undefined) return { rest, calls: 0, effects: 0 };
  if (next.type === "tick") {
    await player.tick();
    return { rest, calls: 0, effects: 0 };
  }
  if (hold !== undefined) {
    const kept = heldOf(player, next);
    if (kept !== undefined) rest = { ...rest, [hold]: rest[hold] - 1, held: [...rest.held, kept] };
    if (hold === "late") {
      if (next.type === "event") player.lose(next.id);
      else await player.remove(next.poll);
      return { rest, calls: 0, effects: 0 };
    }
  }
  const held = next.type === "poll" ? await player.receive(next.poll, 1) : [];
  const { memory } = player.world;
  const count = { calls: 0, effects: 0, at: memory.effects() };
  const circumstances: Circumstances = {
    fateOf: () => (death !== undefined && count.effects >= death ? { type: "die", when: "before" } : pass),
    told: () => {
      count.calls += 1;
      if (memory.effects() > count.at) count.effects += 1;
      count.at = memory.effects();
    },
    // Where no call follows the change after which it dies, it dies before it can say that it is done.
    keep: death !== undefined,
  };
  if (next.type === "event") await player.handle(next.id, circumstances);
  else await player.batch(next.poll, held, circumstances);
  if (death !== undefined) rest = { ...rest, deaths: rest.deaths - 1 };
  return { rest, calls: count.calls, effects: count.effects };
}

function heldOf(player: Player, next: Next): HeldBack | undefined {
  if (next.type === "event") {
    const event = player.events().find(({ id }) => id === next.id);
    return event && { type: "event", event };
  }
  const message = next.type === "poll" ? player.messages(next.poll)[0] : undefined;
  return message && { type: "upload", body: message.body };
}
