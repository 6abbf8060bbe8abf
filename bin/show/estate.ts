/** Draws an estate: its pace, its anchors with their environments, and the way of each branch. */
import { type BranchReach, branchReaches } from "#operate/check-estate.ts";
import type { Anchor, Estate } from "#release/estate/estate.ts";
import { counted } from "#release/names/counted.ts";
import { paint } from "./paint.ts";

export const showEstate = (estate: Estate, branches: readonly string[]): string =>
  [
    `central account ${estate.central} in ${estate.region}`,
    paceOf(estate),
    ...estate.anchors.flatMap((anchor) => [
      `\n${paint("bold", anchor.name)} ${anchor.account}`,
      ...anchor.environments.map(environmentLine),
      ...branchReaches(estate, anchor, branches).map(branchLine),
    ]),
  ].join("\n");

function paceOf({ pace, teams }: Estate): string {
  const caps = teams.map(({ name, concurrent }) => `, ${name} ${concurrent} of them`).join("");
  return `in each anchor at most ${counted(pace.releases, "line")} at work at once${caps}, and ${counted(pace.pipelines, "pipeline")}`;
}

function environmentLine(environment: Anchor["environments"][number]): string {
  const { name, account, branches } = environment;
  const gates = [environment.approval && "approval", environment.protected && "protected"].filter(Boolean);
  const gated = gates.length === 0 ? "" : `  (${gates.join(", ")})`;
  return `  ${name.padEnd(10)} ${account}  accepts ${branches.join(", ")}${gated}`;
}

function branchLine(reach: BranchReach): string {
  const { branch, targets, ttlDays, tombstoneAllowed } = reach;
  const way = targets.map(({ environment, approval }) =>
    approval ? `approval → ${environment}` : environment,
  );
  const ends = ttlDays === undefined ? "" : `, torn down ${counted(ttlDays, "day")} after its last upload`;
  const rejected = tombstoneAllowed ? "" : "  (a tombstone is refused)";
  return `  ${branch}: ${way.join(" → ") || "nowhere"}  [${reach.class}${ends}]${rejected}`;
}
