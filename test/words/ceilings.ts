/**
 * Compares the counts of a report with test/words/ceilings.json. A count above its ceiling fails the check.
 * A folder without ceilings has to be clean. `comments` is a record of the size and has no ceiling.
 * Files that move to another folder take a share of its ceilings along; edit both entries by hand then.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { type Counts, type Kind, kinds, type Report } from "./measure.ts";

type Ceiling = Readonly<Record<Kind | "comments", number>>;
export type Ceilings = Readonly<Record<string, Ceiling>>;

export type Rise = {
  readonly folder: string;
  readonly kind: Kind;
  readonly count: number;
  readonly ceiling: number;
};

const file = "test/words/ceilings.json";

/** Undefined before the first `--lower`, which writes the counts of today. */
export const readCeilings = (): Ceilings | undefined =>
  existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined;

export const writeCeilings = (ceilings: Ceilings): void =>
  writeFileSync(file, `${JSON.stringify(ceilings, undefined, 2)}\n`);

export const risesOf = ({ counts }: Report, ceilings: Ceilings = {}): readonly Rise[] =>
  [...counts].flatMap(([folder, count]) =>
    kinds
      .map((kind) => ({ folder, kind, count: count[kind], ceiling: ceilings[folder]?.[kind] ?? 0 }))
      .filter((each) => each.count > each.ceiling),
  );

/** Lowers each ceiling to its count. A ceiling never rises. */
export const lowered = ({ counts }: Report, ceilings: Ceilings | undefined): Ceilings =>
  Object.fromEntries(
    [...counts]
      .filter(([, { comments, titles, banned }]) => comments + titles + banned > 0)
      .map(([folder, count]) => [folder, lowest(count, ceilings === undefined ? count : ceilings[folder])]),
  );

const lowest = (count: Counts, ceiling: Ceiling | undefined): Ceiling => ({
  comments: count.comments,
  indefinite: Math.min(count.indefinite, ceiling?.indefinite ?? 0),
  fragments: Math.min(count.fragments, ceiling?.fragments ?? 0),
  banned: Math.min(count.banned, ceiling?.banned ?? 0),
});
