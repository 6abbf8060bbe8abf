/** Everybody's marks as they are now, what they mean for the governor, and the waking of those whose turn it is. */

import type { Clock } from "#ports/clock.ts";
import type { LineCache } from "#ports/line-cache.ts";
import type { LineQueue } from "#ports/line-queue.ts";
import type { Marks, StoredMark } from "#ports/marks.ts";
import type { BranchClass } from "#release/estate/branch-class.ts";
import type { Estate } from "#release/estate/estate.ts";
import { type Standing, turns } from "#release/line/governor.ts";
import { type Mark, type MarkState, marksPrefix, readMark } from "#release/line/marks.ts";
import type { Line } from "#release/names/key.ts";
import { lineName } from "#release/names/names.ts";
import { anchorOf } from "#release/traits/targets.ts";
import { lineAt, unreadable } from "./line-of.ts";
import { lineMessage } from "./message.ts";

export type GovernWorld = {
  readonly marks: Marks;
  readonly cache: Pick<LineCache, "lineNames">;
  readonly lines: LineQueue;
  readonly clock: Clock;
};

export type Held = Mark & { readonly stored: StoredMark };

export const everybody = async (marks: Marks): Promise<readonly Held[]> =>
  (await marks.list(marksPrefix)).flatMap((stored) => {
    const read = readMark(stored.key);
    return read === undefined ? [] : [{ ...read, stored }];
  });

export async function standingOf(
  { cache, clock }: GovernWorld,
  { pace }: Estate,
  all: readonly Mark[],
): Promise<Standing> {
  const inState = (state: MarkState) => all.filter((each) => each.state === state);
  const made = all.some(({ creates }) => creates) ? await cache.lineNames() : [];
  const agedSince = new Date(Date.parse(clock()) - pace.ageingMinutes * 60_000).toISOString();
  return { running: inState("running"), waiting: inState("waiting"), pipelines: new Set(made), agedSince };
}

/** `id` is that of the message that is being handled: handled again, it wakes nobody twice. */
export async function wake(
  world: GovernWorld,
  { estate, line, id }: { readonly estate: Estate; readonly line: Line; readonly id: string },
  all: readonly Held[],
  standing: Standing,
): Promise<void> {
  const own = lineName(line);
  const next = turns(standing, estate).filter(({ name }) => name !== own);
  const messages = await Promise.all(
    next.map(async ({ name, class: of }) => {
      const held = all.find((each) => each.name === name && each.state === "waiting");
      const found = held && (await lineAt(world.marks, held.stored.key).catch(unreadable)); // undefined also when it has gone meanwhile
      return found && messageTo(found, of, id);
    }),
  );
  const { account, region } = anchorOf(estate, line);
  await world.lines.send(
    { account, region },
    messages.filter((message) => message !== undefined),
  );
}

const messageTo = (line: Line, of: BranchClass, id: string) =>
  lineMessage({ cause: "turn", line }, of, `${id}-${lineName(line)}`.slice(0, 128));
