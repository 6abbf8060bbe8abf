/** Follows a release on the terminal: redrawn in place for a person, one block a change for a log, the object for a machine. */
import type { S3Client } from "@aws-sdk/client-s3";
import type { Result } from "#release/line/result.ts";
import type { Line } from "#release/names/key.ts";
import { followResult } from "./read-result.ts";
import { showResult } from "./show-result.ts";

export type FollowAndShow = {
  readonly s3: S3Client;
  readonly bucket: string;
  readonly line: Line;
  readonly version: string;
  readonly timeoutSeconds: number;
  readonly json: boolean;
};

const pollMs = 1000;

export async function followAndShow({ json, ...follow }: FollowAndShow): Promise<Result> {
  const terminal = process.stdout.isTTY === true;
  let drawn = 0;
  const onChange = (result: Result): void => {
    if (json) return;
    const text = showResult(result, { colour: terminal, now: new Date() });
    // Takes back what was drawn before, so that progress stands still on a screen.
    if (terminal && drawn > 0) process.stdout.write(`\u001b[${drawn}A\u001b[J`);
    process.stdout.write(`${text}\n`);
    drawn = text.split("\n").length;
  };
  const result = await followResult({ ...follow, pollMs, onChange });
  if (json) process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
  return result;
}
