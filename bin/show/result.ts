/** Draws a result object for a terminal: one line a stage, its actions, their times, and the reason below. */

import type { Result, ResultStage, ResultStatus } from "#release/line/result.ts";
import { counted } from "#release/names/counted.ts";
import { roles } from "#release/names/deployed-names.ts";
import type { Line } from "#release/names/key.ts";
import { lineArguments } from "#release/names/line-arguments.ts";
import type { Names } from "#release/people/shown-person.ts";
import { type Paint, paint as painted, type Style } from "./paint.ts";
import { showPeople } from "./people.ts";

const symbols: Readonly<Record<ResultStage["status"], readonly [string, Style]>> = {
  InProgress: ["◐", "cyan"],
  Succeeded: ["✔", "green"],
  Failed: ["✘", "red"],
  Abandoned: ["◌", "yellow"],
  Pending: ["·", "dim"],
  NotRun: ["–", "dim"],
};

const statusStyles: Readonly<Record<ResultStatus, Style>> = {
  rejected: "red",
  waiting: "yellow",
  releasing: "cyan",
  "waiting-for-approval": "yellow",
  released: "green",
  failed: "red",
  superseded: "yellow",
  "torn-down": "green",
};

/** `names` are those of the people in the result; without them, the people are not shown. */
type ShowOptions = { readonly colour: boolean; readonly now: Date; readonly names?: Names };

/** Several lines without a trailing newline. */
export function showResult(result: Result, { colour, now, names }: ShowOptions): string {
  const paint: Paint = colour ? painted : (_style, text) => text;
  const lines = [`${paint(statusStyles[result.status], result.status)}  ${result.reason.sentence}`];
  for (const stage of result.stages) {
    lines.push(
      `  ${symbol(stage.status, paint)} ${stage.name.padEnd(12)} ${elapsed(stage, now).padStart(7)}  ${actionsOf(stage, paint)}`,
    );
    if (stage.overridden) lines.push(`      ${paint("red", "a condition of this stage was overridden")}`);
    for (const action of stage.actions) {
      if (action.status === "Failed" && action.message !== undefined)
        lines.push(`      ${paint("red", `${action.name}: ${action.message}`)}`);
    }
  }
  if (names !== undefined) lines.push(...showPeople(result, names).map((line) => `  ${line}`));
  if (result.reason.remedy !== undefined && result.status !== "released")
    lines.push(`  ${paint("bold", "What to do:")} ${result.reason.remedy}`);
  if (result.status === "waiting-for-approval" && result.line !== undefined)
    lines.push(...approvalSteps(result.line, paint));
  if (result.expiresAt !== undefined) lines.push(expiry(result.expiresAt, now, paint));
  if (result.pipeline !== undefined && result.status !== "torn-down")
    lines.push(paint("dim", `  pipeline ${result.pipeline.name} in ${result.pipeline.account}`));
  return lines.join("\n");
}

/**
 * The commands have the line, so that an approver can paste them anywhere. A shell reads `<` as a redirection, so the
 * words to replace are in capitals.
 */
const approvalSteps = (line: Line, paint: Paint): readonly string[] => [
  `  ${paint("bold", "Waits for an approver:")} ${roles.approver} of ${line.account} reads the review, then decides with its digest:`,
  `    kedge review  ${lineArguments(line)}`,
  `    kedge approve ${lineArguments(line)} --digest DIGEST`,
  `    kedge reject  ${lineArguments(line)} --digest DIGEST --summary REASON`,
];

const day = 24 * 3600 * 1000;
const soon = 7;

function expiry(expiresAt: string, now: Date, paint: Paint): string {
  const days = Math.max(0, Math.ceil((Date.parse(expiresAt) - now.getTime()) / day));
  const what = `  torn down on ${expiresAt.slice(0, 10)}, in ${counted(days, "day")}, unless something is uploaded before`;
  return paint(days <= soon ? "yellow" : "dim", what);
}

const symbol = (status: ResultStage["status"], paint: Paint): string => {
  const [sign, style] = symbols[status];
  return paint(style, sign);
};

const actionsOf = (stage: ResultStage, paint: Paint): string =>
  stage.actions.map((action) => `${symbol(action.status, paint)} ${action.name}`).join("  ");

function elapsed({ startedAt, endedAt }: ResultStage, now: Date): string {
  if (startedAt === undefined) return "";
  const seconds = (Date.parse(endedAt ?? now.toISOString()) - Date.parse(startedAt)) / 1000;
  return seconds < 60
    ? `${Math.max(seconds, 0).toFixed(1)}s`
    : `${Math.floor(seconds / 60)}m${String(Math.floor(seconds % 60)).padStart(2, "0")}s`;
}
