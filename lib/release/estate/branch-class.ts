/** Derives the scheduling attributes of a line: its class from its branch, and its team from its app. */

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

/** Returns the first team with a matching pattern. An app without a team is under no team's cap. */
export const teamOf = ({ teams }: Pick<Estate, "teams">, { app }: Pick<Line, "app">): string | undefined =>
  teams.find(({ apps }) => fitsPatterns(app, apps))?.name;
