/** Follows a release on the terminal: redrawn in place for a person, one block a change for a log, the object for a machine. */
import { type FollowDeps, followRelease } from "#operate/follow-release.ts";
import type { Result, ResultStatus } from "#release/line/result.ts";
import { formatKey, type Line } from "#release/names/key.ts";
import { lineArguments } from "#release/names/line-arguments.ts";
import { exitCodes } from "./outcome.ts";
import { inColour } from "./paint.ts";
import { print, printJson } from "./print.ts";
import { showResult } from "./result.ts";

type FollowAndShow = {
  readonly line: Line;
  readonly version: string;
  readonly timeoutSeconds: number;
  readonly json: boolean;
  readonly leaveAt?: readonly ResultStatus[];
};

const pollMs = 1000;

export async function followAndShow(deps: FollowDeps, { json, ...order }: FollowAndShow): Promise<Result> {
  const terminal = process.stdout.isTTY === true;
  let drawn = 0;
  const onChange = (result: Result): void => {
    if (json) return;
    const text = showResult(result, { colour: inColour(), now: new Date() });
    // Moves the cursor up over the last drawing, so that progress is redrawn in place.
    if (terminal && drawn > 0) process.stdout.write(`\u001b[${drawn}A\u001b[J`);
    print(text);
    drawn = text.split("\n").length;
  };
  const onSilence = (): void => void process.stderr.write(silenceText(order.line));
  const interrupted = (): void => {
    process.stderr.write(interruptedText(order.line));
    process.exit(exitCodes.interrupted);
  };
  process.once("SIGINT", interrupted);
  const result = await followRelease(deps, { ...order, pollMs }, { onChange, onSilence });
  process.off("SIGINT", interrupted);
  if (json) printJson(result);
  return result;
}

const statusCommand = (line: Line): string => `kedge status ${lineArguments(line)}`;

const interruptedText = (line: Line): string =>
  `\nkedge: stopped following; the release of ${formatKey(line)} goes on. See it with: ${statusCommand(line)}\n`;

const silenceText = (line: Line): string =>
  `kedge: no result has been written for ${formatKey(line)} within a minute. Results are usually written in seconds.
  Dev team: compare the account in the key with the account of your estate's anchor, and the bucket with your cloud team's.
  Cloud team: look at the alarms of the queues for undelivered messages, and run kedge redrive as kedge-operator of ${line.account}.
  Following goes on; see the result later with: ${statusCommand(line)}
`;
