/** What a line is when many want to go at once: its class, by its branch, and its team, by its app. */

import type { Line } from "#release/names/key.ts";
import { fitsPatterns } from "#release/names/patterns.ts";
import type { Estate } from "./estate.ts";

/** In order of priority. */
export const branchClasses = ["hotfix", "main", "feature"] as const;
export type BranchClass = (typeof branchClasses)[number];

export function classOf({ classes }: Pick<Estate, "classes">, { branch }: Pick<Line, "branch">): BranchClass {
  if (fitsPatterns(branch, classes.hotfix)) return "hotfix";
  return fitsPatterns(branch, classes.main) ? "main" : "feature";
}

/** The first team whose patterns fit; undefined: the app is nobody's, and no team's cap holds it. */
export const teamOf = ({ teams }: Pick<Estate, "teams">, { app }: Pick<Line, "app">): string | undefined =>
  teams.find(({ apps }) => fitsPatterns(app, apps))?.name;
