/** Colours for a terminal. `NO_COLOR` switches them off and `FORCE_COLOR` on (no-color.org, force-color.org). */
import { styleText } from "node:util";

export type Style = Parameters<typeof styleText>[0];
export type Paint = (style: Style, text: string) => string;

export function inColour(): boolean {
  if (process.env["NO_COLOR"]) return false;
  const forced = process.env["FORCE_COLOR"];
  if (forced !== undefined && forced !== "") return forced !== "0";
  return process.stdout.isTTY === true && process.env["TERM"] !== "dumb";
}

/** Node 20's `styleText` reads neither variable, so this function passes the decision. */
export const paint: Paint = (style, text) =>
  inColour() ? styleText(style, text, { validateStream: false }) : text;
