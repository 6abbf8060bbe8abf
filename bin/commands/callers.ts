/**
 * The role that each command calls AWS with. The help of a command names it, and so does the sentence for a denied
 * call.
 */
import type { Command } from "commander";
import { roles } from "#release/names/deployed-names.ts";

const ofAnchor = "of the line's anchor";
const ci = `${roles.ci} ${ofAnchor}`;
const reader = `${roles.ci}, ${roles.approver} or ${roles.operator} ${ofAnchor}`;
const approver = `${roles.approver} ${ofAnchor}`;
const operator = `${roles.operator} ${ofAnchor}`;
const publisher = `${roles.templatePublisher} of the central account`;
const administrator = "an administrator of the central account";

/**
 * The keys are the words of a command; the words of a group stand for all its commands. `local` marks a command that
 * needs no right in AWS.
 */
export const callers: Readonly<Record<string, string>> = {
  push: ci,
  check: "local",
  status: reader,
  history: operator,
  approve: approver,
  reject: approver,
  review: approver,
  waiting: `${roles.approver} of the anchor`,
  people: administrator,
  teardown: ci,
  sweep: `${roles.operator} of the anchor`,
  redrive: `${roles.operator} of the anchor (with --queue intake: ${administrator})`,
  unlock: operator,
  "estate check": "local",
  "estate guardrails": "local",
  "estate confirm": `${administrator} who did not propose the estate`,
  "estate impact": publisher,
  access: "local",
  publish: administrator,
  template: publisher,
  "template confirm": `${administrator} who did not publish the version`,
  traits: "local",
  completion: "local",
};

/** The words of a command, without the program's name. */
export const wordsOf = (command: Command): string =>
  command.parent === null ? "" : `${wordsOf(command.parent)} ${command.name()}`.trim();

/** Undefined for a command without calls to AWS. */
export function callerOf(command: Command): string | undefined {
  const words = wordsOf(command);
  const caller = callers[words] ?? callers[words.split(" ")[0] ?? ""];
  return caller === "local" ? undefined : caller;
}

/** Adds the role to the help of each command below. */
export function withCallers(program: Command): void {
  for (const command of program.commands) {
    const caller = command.commands.length === 0 ? callerOf(command) : undefined;
    if (caller !== undefined) command.addHelpText("after", `\nRun it as ${caller}.`);
    withCallers(command);
  }
}
