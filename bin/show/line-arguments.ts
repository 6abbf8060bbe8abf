/** Writes the options that name a line, for commands that a person pastes. */
import type { Line } from "#release/names/key.ts";

/** The account is named because credentials of another account would choose another line. */
export const lineArguments = ({ account, app, branch }: Line): string =>
  `--account ${account} --app ${quoted(app)} --branch ${quoted(branch)}`;

const quoted = (word: string): string => (/^[\w./-]+$/.test(word) ? word : JSON.stringify(word));
