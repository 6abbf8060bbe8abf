/**
 * One run by seed: lines, the uploads of their teams, and an adversary that decides the next move and the
 * faults. Then the faults end, the cloud comes to rest, and the invariants are checked.
 */
import { functions } from "#release/names/deployed-names.ts";
import { environmentsFor } from "#release/traits/targets.ts";
import { createMischief, createOutcomes } from "./adversary.ts";
import type { Poll } from "./base.ts";
import { openSimulatedCloud, type SimulatedCloud, type Workshop } from "./cloud.ts";
import { createDice, type Dice } from "./dice.ts";
import type { OtherExecute, Sabotage } from "./functions.ts";
import { beginHistory, createHistory, type History, type LineHistory } from "./history.ts";
import { checkAll, type Violation } from "./invariants.ts";
import { createPlayer, type Player } from "./player.ts";
import type { Held } from "./queues.ts";
import { changesSomething, comeToRest, decideApproval, hasApproval, unrest } from "./rest.ts";
import { type Chore, inputOf, type SeedInput } from "./seed-input.ts";
import { playSwap, putSize, swaps } from "./swaps.ts";
import { createTrace } from "./trace.ts";
import { artifactOf } from "./uploads.ts";

export type RunOptions = {
  /** The numbers of faults that do not happen. */
  readonly withheld?: ReadonlySet<number>;
  readonly sabotage?: Sabotage | undefined;
  readonly execute?: OtherExecute | undefined;
  /** Replaces the estate of the seed. */
  readonly input?: SeedInput;
};

export type Outcome = {
  readonly seed: number;
  readonly input: SeedInput;
  readonly violations: readonly Violation[];
  readonly trace: readonly string[];
  /** Calls of functions to AWS. `cloudCalls` also counts calls of AWS's services among each other. */
  readonly calls: number;
  readonly cloudCalls: number;
  readonly moves: number;
  readonly mischiefs: number;
  /** The end of each swap. */
  readonly swaps: readonly string[];
  /** The reasons of failed executions. */
  readonly failures: readonly string[];
};

/** A possible next move. `play` makes it. */
type Move = { readonly weight: number; readonly what: string; readonly play: () => Promise<unknown> };

const mostMoves = 1500;

export async function runSeed(
  workshop: Workshop,
  seed: number,
  { withheld = new Set(), sabotage, execute, input = inputOf(seed) }: RunOptions = {},
): Promise<Outcome> {
  const dice = createDice(seed ^ 0x5eed);
  const trace = createTrace();
  let cloudCalls = 0;
  let acted = 0;
  const cloud = await openSimulatedCloud({
    workshop,
    sabotage,
    execute,
    onCall: () => {
      cloudCalls += 1;
    },
  });
  const history = createHistory(
    cloud,
    beginHistory(
      input.teams.map(({ line }) => line),
      input.slots,
    ),
  );
  const player = createPlayer(cloud, (by, asked, outcome, about) => {
    trace.asked(by, asked, outcome);
    history.asked(by, asked, outcome, about);
    if (changesSomething(asked.operation)) acted += 1;
  });
  const mischief = createMischief(createDice(seed ^ 0xbad), withheld, trace.move);
  const table: Table = {
    dice,
    mischief,
    input,
    player,
    history,
    left: input.teams.map(({ uploads }) => [...uploads]),
    chores: [...(input.chores ?? [])],
    swaps: [],
    depth: 0,
  };
  let moves = 0;
  try {
    if (input.slots !== undefined)
      await player.publishEstate(withSlots(workshop.base.estateText, input.slots));
    if (input.swaps !== undefined) await setSizes(cloud, history);
    for (; moves < mostMoves; moves += 1) {
      const move = nextMove(table);
      if (move === undefined) break;
      trace.move(move.what);
      await move.play();
      history.observe();
    }
    trace.move("from here on nothing goes wrong");
    const rest = await comeToRest(player, history, () => acted);
    const violations = [...unrest(rest), ...(await checkAll(cloud, history))];
    const facts = {
      calls: trace.calls(),
      cloudCalls,
      moves: moves + rest.moves,
      mischiefs: mischief.count(),
      swaps: table.swaps,
      failures: history.lines.flatMap(({ executions }) =>
        [...executions.values()].flatMap(({ failure }) => failure ?? []),
      ),
    };
    return { seed, input, violations, trace: trace.lines(), ...facts };
  } finally {
    await cloud.stop();
  }
}

type Table = {
  readonly dice: Dice;
  readonly mischief: ReturnType<typeof createMischief>;
  readonly input: SeedInput;
  readonly player: Player;
  readonly history: History;
  /** The remaining uploads, by team. */
  readonly left: SeedInput["teams"][number]["uploads"][number][][];
  /** The remaining chores. */
  readonly chores: Chore[];
  /** The swaps so far, and their ends. */
  readonly swaps: string[];
  /** The number of functions that wait for a move in the middle of their invocation. */
  readonly depth: number;
};

/** The largest number of functions that run at once. */
const deepest = 3;

const withSlots = (estate: string, releases: number): string =>
  `${estate}\npace: { releases: ${releases}, hotfixes: 1 }\n`;

/** Returns undefined when people have made all of their moves and the cloud has nothing left to do. */
function nextMove(table: Table): Move | undefined {
  const { dice, input } = table;
  const people = peoplesMoves(table);
  const cloudMoves = [...eventMoves(table), ...queueMoves(table), ...swapMoves(table)];
  if (table.player.canTick()) cloudMoves.push({ weight: 2, what: "time passes", play: table.player.tick });
  if (people.length > 0 && (cloudMoves.length === 0 || dice.chance(input.temper.haste)))
    return dice.pick(people);
  return cloudMoves.length === 0 ? undefined : weighed(dice, cloudMoves);
}

function weighed(dice: Dice, moves: readonly Move[]): Move | undefined {
  let at = dice.roll(moves.reduce((sum, { weight }) => sum + weight, 0));
  return moves.find(({ weight }) => {
    at -= weight;
    return at < 0;
  });
}

function peoplesMoves(table: Table): readonly Move[] {
  const { left, input, player, history, mischief } = table;
  const approvals = history.lines
    .filter((line) => hasApproval(player, line))
    .map((line) => ({
      weight: 1,
      what: `${line.name}: an approver answers`,
      play: async () => {
        const rejects = mischief.happens(input.temper.rejection, "the approver refuses");
        return decideApproval(player, line, rejects ? "Rejected" : "Approved");
      },
    }));
  const uploads = left.flatMap((uploads, team) => {
    const [next] = uploads;
    const line = history.lines[team];
    if (next === undefined || line === undefined) return [];
    const what = `${line.name}: upload of ${next.kind} ${next.content}`;
    return [{ weight: 1, what, play: () => upload(player, line, uploads) }];
  });
  return [...approvals, ...uploads, ...chores(table)];
}

function chores({ chores: left, history, player }: Table): readonly Move[] {
  const [next] = left;
  if (next === undefined) return [];
  const play = async (): Promise<void> => {
    left.shift();
    for (const account of new Set(history.lines.map(({ line }) => line.account))) player[next](account);
  };
  return [{ weight: 1, what: `the anchor begins its ${next}`, play }];
}

/** Receives messages in any order, makes messages in flight visible again, and loses an upload's event. */
function queueMoves(table: Table): readonly Move[] {
  const { player, dice, mischief, input } = table;
  const { temper } = input;
  return player.cloud.base.polls.flatMap((poll) => {
    const { name } = poll.of;
    const moves: Move[] = player.inFlight(poll).map((message) => ({
      weight: 1,
      what: `a message for ${name} is visible again`,
      play: () => player.reappear(poll, message),
    }));
    if (!player.canReceive(poll)) return moves;
    const receive = async (): Promise<void> => {
      if (name === functions.route && mischief.happens(temper.loss, "the upload's event is lost"))
        return player.remove(poll);
      const held = await player.receive(poll, 1 + dice.roll(10));
      const batches = dice.chance(0.5) ? [held] : shuffled(dice, groupsOf(held));
      for (const batch of batches) await handOver(table, poll, batch);
    };
    return [...moves, { weight: 3, what: `messages for ${name}`, play: receive }];
  });
}

async function handOver(table: Table, poll: Poll, held: readonly Held[]): Promise<void> {
  if (held.length === 0) return;
  const { player, dice, mischief, input } = table;
  const { temper } = input;
  const tries = Math.max(...held.map(({ receives }) => receives)) - 1;
  const outcomeOf = createOutcomes({
    dice,
    mischief,
    temper,
    tries,
    gentle: false,
    meanwhile: () => meanwhile(table),
  });
  const keep = tries < 2 && mischief.happens(temper.doubling, "the messages will come again");
  await player.batch(poll, held, { outcomeOf, keep });
}

/** Each message of a queue without groups is a group of its own. */
const groupsOf = (held: readonly Held[]): readonly (readonly Held[])[] => [
  ...Map.groupBy(held, ({ group, id }) => group ?? id).values(),
];

function shuffled<Item>(dice: Dice, items: readonly Item[]): readonly Item[] {
  const left = [...items];
  return items.flatMap(() => left.splice(dice.roll(left.length), 1));
}

async function upload(player: Player, history: LineHistory, left: Table["left"][number]): Promise<void> {
  const next = left.shift();
  if (next === undefined) return;
  const version = await player.upload(history.line, artifactOf(next.kind, next.content));
  history.uploads.push({ version, ...next });
}

/** Makes a move while a function runs: time, people, or other functions. */
async function meanwhile(table: Table): Promise<void> {
  const { dice, player, depth } = table;
  const people = peoplesMoves(table);
  if (people.length > 0 && dice.chance(0.3)) return void (await dice.pick(people).play());
  const deeper = { ...table, depth: depth + 1 };
  const others = deeper.depth < deepest ? [...eventMoves(deeper), ...queueMoves(deeper)] : [];
  others.push(...swapMoves(table));
  const move = dice.chance(0.6) ? weighed(dice, others) : undefined;
  await (move === undefined ? player.tick() : move.play());
}

/** A swap comes only while there is other work, so that a run ends. Each kind of swap succeeds or is denied once. */
function swapMoves({ input, swaps: done, player, history, dice }: Table): readonly Move[] {
  const [line] = history.lines;
  if (line === undefined || line.uploads.length === 0 || done.length >= (input.swaps ?? 0)) return [];
  const left = swaps.filter(({ what }) => !done.some((each) => each.startsWith(`${what}: `)));
  if (left.length === 0) return [];
  const swap = dice.pick(left);
  const play = async (): Promise<void> => {
    const end = await playSwap(swap, player.cloud, line, done.length);
    if (end !== "nothing") done.push(`${swap.what}: ${end}`);
  };
  return [{ weight: 1, what: `an adversary swaps ${swap.what}`, play }];
}

async function setSizes(cloud: SimulatedCloud, { lines }: History): Promise<void> {
  for (const { line } of lines)
    for (const { account } of environmentsFor(cloud.base.estate, line).targets)
      await putSize(cloud, account, "1");
}

function eventMoves(table: Table): readonly Move[] {
  const { player, dice, mischief, input } = table;
  const { temper } = input;
  return player.events().map((event) => ({
    weight: 2,
    what: `an event for ${event.function}`,
    play: async () => {
      // A job of CodePipeline cannot be lost, because CodePipeline invokes Lambda directly.
      const lossy = event.function === functions.observe;
      if (lossy && mischief.happens(temper.loss, "the event is lost")) return player.lose(event.id);
      if (mischief.happens(temper.doubling, "the event comes twice")) player.double(event.id);
      const outcomeOf = createOutcomes({
        dice,
        mischief,
        temper,
        tries: event.attempts,
        gentle: !lossy,
        meanwhile: () => meanwhile(table),
      });
      return player.handle(event.id, { outcomeOf });
    },
  }));
}
