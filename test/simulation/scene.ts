/**
 * One step of an explored story: it lists the possible moves and plays one. Events come at once, and time
 * passes only when there is no other move, unless the choice is a late event.
 */
import { functions } from "#release/names/deployed-names.ts";
import { isResultKey, type Line } from "#release/names/key.ts";
import type { Asked } from "./asked.ts";
import type { Poll } from "./base.ts";
import type { History } from "./history.ts";
import { type Circumstances, pass } from "./invoke-function.ts";
import { type PlacedEvent, requestsOf } from "./pending-messages.ts";
import type { Player } from "./player.ts";
import type { Upload } from "./seed-input.ts";
import { artifactOf } from "./uploads.ts";

/** The uploads of a story, and how often each fault may happen. */
export type Story = {
  readonly line: Line;
  readonly uploads: readonly Upload[];
  readonly deaths: number;
  /** The number of events that come late, or never. */
  readonly late: number;
  /** The number of events that come a second time, at any time. */
  readonly twice: number;
};

type HeldBack =
  | { readonly type: "event"; readonly event: PlacedEvent }
  | { readonly type: "upload"; readonly body: string };

/** The remaining steps of a story, in addition to the state. */
export type Rest = {
  readonly uploaded: number;
  readonly deaths: number;
  readonly late: number;
  readonly twice: number;
  readonly held: readonly HeldBack[];
};

/** The faults that are still allowed. Every course with fewer faults is also possible with more. */
export type Budget = Pick<Rest, "deaths" | "late" | "twice">;

export type Choice =
  | { readonly type: "upload" }
  /** The next move of the cloud. `death` is the number of changes after which the function dies. */
  | { readonly type: "next"; readonly hold?: "late" | "twice"; readonly death?: number }
  | { readonly type: "release" | "lose" }
  | { readonly type: "reappear"; readonly at: number };

export type Scene = { readonly player: Player; readonly history: History; readonly story: Story };

export const nameOf = (choice: Choice): string =>
  Object.entries(choice)
    .map(([name, value]) => (name === "type" ? String(value) : `${name} ${value}`))
    .join(" ");

/**
 * The alternatives to the next move. Where the order of two moves makes no difference, only one order is
 * followed: a late event or a returning message changes no row that an event or a job reads, so it comes
 * after them.
 */
export function othersIn(scene: Scene, rest: Rest): readonly Choice[] {
  const { player, story } = scene;
  const next = nextIn(player);
  const choices: Choice[] = [];
  if (rest.uploaded < story.uploads.length) choices.push({ type: "upload" });
  if (next?.type !== "event") {
    if (rest.held.length > 0) choices.push({ type: "release" });
    if (rest.held.length > 0 && next === undefined) choices.push({ type: "lose" });
    inFlight(player).forEach((_, at) => {
      choices.push({ type: "reappear", at });
    });
  }
  if (next !== undefined && mayBeHeld(player, next)) {
    if (rest.late > 0) choices.push({ type: "next", hold: "late" });
    if (rest.twice > 0) choices.push({ type: "next", hold: "twice" });
  }
  return choices;
}

/**
 * Returns whether a call reads the newest upload, because then an upload before the call differs from one
 * after it.
 */
export const readsNewest = ({ cloud }: Player, { service, input }: Asked): boolean =>
  service === "s3" &&
  input["Bucket"] === cloud.base.bucket &&
  input["VersionId"] === undefined &&
  !isResultKey(String(input["Key"] ?? ""));

type Next =
  | { readonly type: "event"; readonly id: string; readonly function: string; readonly event: PlacedEvent }
  | { readonly type: "poll"; readonly poll: Poll }
  | { readonly type: "tick" };

/** Events come at once, and time passes only when there is no other move. */
export function nextIn(player: Player): Next | undefined {
  const [event] = player.events();
  if (event !== undefined) return { type: "event", id: event.id, function: event.function, event };
  const poll = player.cloud.base.polls.find(player.canReceive);
  if (poll !== undefined) return { type: "poll", poll };
  return player.canTick() ? { type: "tick" } : undefined;
}

/** An event without a request makes no difference, however it is delivered. */
export const isIdle = (player: Player, next: Next | undefined): boolean =>
  next?.type === "event" &&
  next.function === functions.observe &&
  requestsOf(player.cloud, next.event).length === 0;

/**
 * Only events of EventBridge can be lost or late, not messages of a queue or jobs of CodePipeline. An event
 * without a request is not held back.
 */
const mayBeHeld = (player: Player, next: Next): boolean =>
  next.type === "event"
    ? next.function === functions.observe && !isIdle(player, next)
    : next.type === "poll" && next.poll.of.name === functions.route;

const inFlight = (player: Player) =>
  player.cloud.base.polls.flatMap((poll) => player.inFlight(poll).map((message) => ({ poll, message })));

type Played = { readonly rest: Rest; readonly calls: number; readonly effects: number };

export async function play(scene: Scene, rest: Rest, choice: Choice): Promise<Played> {
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
      player.forgetDuplicates();
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
  const held = next.type === "poll" ? await player.receive(next.poll) : [];
  const { memory } = player.cloud;
  const count = { calls: 0, effects: 0, at: memory.effects() };
  const circumstances: Circumstances = {
    outcomeOf: () => (death !== undefined && count.effects >= death ? { type: "die", when: "before" } : pass),
    afterCall: () => {
      count.calls += 1;
      if (memory.effects() > count.at) count.effects += 1;
      count.at = memory.effects();
    },
    // When no call follows the last change before the death, the function dies before it can report success.
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
