/**
 * Lists the commands of the command line that call AWS as a role: the file of each command, and the roles that run it. The
 * calls of a command are read from its file.
 */
import { roles } from "#release/names/deployed-names.ts";

type CommandRow = {
  /** In `bin/commands`, without the extension. */
  readonly file: string;
  readonly by: readonly string[];
};

/** A principal of the central account. It has every right in its account, so the analysis asks for no call of it. */
export const administrator = "administrator";

const { ci, approver, operator, templatePublisher } = roles;

const ofThePublisher = (...names: readonly string[]): Readonly<Record<string, CommandRow>> =>
  Object.fromEntries(
    names.map((name) => [`template ${name}`, { file: `template/${name}`, by: [templatePublisher] }]),
  );

/** By the words of the command. */
export const commands: Readonly<Record<string, CommandRow>> = {
  push: { file: "push", by: [ci] },
  teardown: { file: "teardown", by: [ci] },
  status: { file: "status", by: [ci, approver, operator] },
  history: { file: "history", by: [operator] },
  approve: { file: "approve", by: [approver] },
  reject: { file: "approve", by: [approver] },
  review: { file: "review", by: [approver] },
  waiting: { file: "waiting", by: [approver] },
  sweep: { file: "sweep", by: [operator] },
  redrive: { file: "redrive", by: [operator, administrator] },
  unlock: { file: "unlock", by: [operator] },
  "people erase": { file: "people", by: [administrator] },
  publish: { file: "publish", by: [administrator] },
  "estate confirm": { file: "estate-confirm", by: [administrator] },
  "template confirm": { file: "template/confirm", by: [administrator] },
  "estate impact": { file: "estate-impact", by: [templatePublisher] },
  ...ofThePublisher("publish", "list", "show", "draw", "try", "impact", "rollout", "rollback", "withdraw"),
};

/** The key of the command's calls in the table. */
export const commandDoor = (words: string): string => `kedge ${words}`;
