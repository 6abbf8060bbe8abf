/**
 * Admits lines to the slots of an anchor. From the running and the waiting lines it computes the lines that
 * may start now. It is pure, so two Lambdas that read the same slot records reach the same result.
 */

import { type BranchClass, branchClasses } from "#release/estate/branch-class.ts";
import type { Pace, Team } from "#release/estate/estate.ts";
import { compareTexts } from "#release/names/compare-texts.ts";

/** A line as the governor knows it. */
export type Contender = {
  /** The line's name. */
  readonly name: string;
  readonly class: BranchClass;
  readonly team?: string;
  /** It has no pipeline yet, so its release makes one. */
  readonly creates: boolean;
  /** When it began to want this, ISO 8601. */
  readonly since: string;
};

export type Rules = { readonly pace: Pace; readonly teams: readonly Team[] };

export type QueueState = {
  /**
   * Lines that wait since before this moment are aged. All times are ISO 8601 texts, so their text order is
   * their order in time.
   */
  readonly agedSince: string;
  readonly running: readonly Contender[];
  readonly waiting: readonly Contender[];
  /** The lines that have a pipeline; needed where one of the waiting would make one. */
  readonly pipelines: ReadonlySet<string>;
};

/** The resource that blocks a line. */
export type BlockedBy = "slot" | "team" | "pipelines";

export type Admission =
  | { readonly may: true }
  /** `position` counts from 1 among all waiting lines. */
  | { readonly may: false; readonly position: number; readonly blockedBy: BlockedBy };

/** The waiting lines whose turn it is, as if all slots that are free were given out now. */
export const admittedLines = (queueState: QueueState, rules: Rules): readonly Contender[] =>
  assign(queueState, rules).admitted;

/** The turn of one of the waiting. */
export function admissionOf(name: string, queueState: QueueState, rules: Rules): Admission {
  const { order, blockedBy } = assign(queueState, rules);
  const position = order.findIndex((each) => each.name === name) + 1;
  const blocker = blockedBy.get(name);
  return blocker === undefined && position > 0
    ? { may: true }
    : { may: false, position: Math.max(position, 1), blockedBy: blocker ?? "slot" };
}

/**
 * Returns the resource that blocks this line beside the running lines; undefined when it may start. Hotfixes
 * have slots of their own, so they never wait for other work, and a flood of them never delays other work. A
 * hotfix ignores the cap of its team, but it counts in it.
 */
export function blockerOf(
  line: Contender,
  running: readonly Contender[],
  pipelines: ReadonlySet<string>,
  { pace, teams }: Rules,
): BlockedBy | undefined {
  const others = running.filter(({ name }) => name !== line.name);
  const urgent = line.class === "hotfix";
  const alike = others.filter((each) => (each.class === "hotfix") === urgent);
  if (alike.length >= (urgent ? pace.hotfixes : pace.releases)) return "slot";
  if (line.creates && !pipelines.has(line.name)) {
    const made = new Set([...pipelines, ...others.filter(({ creates }) => creates).map(({ name }) => name)]);
    if (made.size >= pace.pipelines) return "pipelines";
  }
  const cap = urgent ? undefined : teams.find(({ name }) => name === line.team)?.concurrent;
  return cap !== undefined && others.filter(({ team }) => team === line.team).length >= cap
    ? "team"
    : undefined;
}

function assign({ running, waiting, pipelines, agedSince }: QueueState, rules: Rules) {
  const atWork = new Set(running.map(({ name }) => name));
  const order = inOrder(
    waiting.filter(({ name }) => !atWork.has(name)),
    agedSince,
  );
  const admitted: Contender[] = [];
  const blockedBy = new Map<string, BlockedBy>();
  for (const line of order) {
    const blocker = blockerOf(line, [...running, ...admitted], pipelines, rules);
    if (blocker === undefined) admitted.push(line);
    else blockedBy.set(line.name, blocker);
  }
  return { order, admitted, blockedBy };
}

/** By class, then by age, then by name, so that there is one order. An aged line counts as main, never as hotfix. */
function inOrder(waiting: readonly Contender[], agedSince: string): readonly Contender[] {
  const rank = (line: Contender): number => {
    const own = branchClasses.indexOf(line.class);
    return line.since <= agedSince ? Math.min(own, 1) : own;
  };
  return waiting.toSorted(
    (a, b) => rank(a) - rank(b) || compareTexts(a.since, b.since) || compareTexts(a.name, b.name),
  );
}
