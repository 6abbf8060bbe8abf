/**
 * Writes the options that name a line, for commands that a person pastes. The team chooses app and branch, and a
 * cloud team's approver pastes the command, so the shell must not run the names.
 */
import type { Line } from "./key.ts";

/** The account is named because credentials of another account would choose another line. */
export const lineArguments = ({ account, app, branch }: Line): string =>
  `--account ${account} --app ${shellWord(app)} --branch ${shellWord(branch)}`;

/**
 * A word of a POSIX shell. The shell expands nothing between single quotes (POSIX, Shell Command Language, 2.2.2).
 * @example "it's" is 'it'\''s'
 */
const shellWord = (text: string): string =>
  /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
