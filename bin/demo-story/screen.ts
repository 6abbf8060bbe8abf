/** The demo's output: headings, observations with a tick, and a block that is redrawn in place on a terminal. */
import { styleText } from "node:util";
import type { Paint } from "./live-pipeline.ts";

export type Screen = {
  readonly paint: Paint;
  readonly heading: (text: string) => void;
  /** An observation through an AWS API. */
  readonly seen: (text: string) => void;
  readonly say: (text: string) => void;
  /** Redraws the block; off a terminal a line is printed when it changes. */
  readonly live: (lines: readonly string[]) => void;
  /** The block stays as it is. */
  readonly settle: () => void;
};

export function createScreen(output: NodeJS.WriteStream): Screen {
  const terminal = output.isTTY === true;
  const begun = Date.now();
  const paint: Paint = (style, text) => (terminal ? styleText(style, text, { validateStream: false }) : text);
  let drawn: readonly string[] = [];
  const write = (text: string): void => void output.write(`${text}\n`);
  return {
    paint,
    heading: (text) =>
      write(`\n${paint("bold", text)}  ${paint("dim", `${((Date.now() - begun) / 1000).toFixed(1)}s`)}`),
    seen: (text) => write(`  ${paint("green", "✔")} ${text}`),
    say: (text) => write(`  ${text}`),
    live: (lines) => {
      if (terminal) {
        if (drawn.length > 0) output.write(`\u001b[${drawn.length}A\u001b[J`);
        for (const line of lines) write(line);
      } else {
        // Elapsed times alone are no news for a log.
        const still = (line: string): string => line.replace(/\d+\.\ds/g, "");
        for (const [index, line] of lines.entries())
          if (drawn[index] === undefined || still(drawn[index]) !== still(line)) write(line);
      }
      drawn = lines;
    },
    settle: () => {
      drawn = [];
    },
  };
}
