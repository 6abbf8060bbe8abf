/** `kedge history`: everything that was said of a line's uploads, in its order. */
import { S3Client } from "@aws-sdk/client-s3";
import { type Command, InvalidArgumentError } from "commander";
import { formatKey } from "#release/names/key.ts";
import { bucketOf, type LineOptions, lineOf, withBucketOption, withLineOptions } from "./line-options.ts";
import { CommandError, exitCodes } from "./outcome.ts";
import { readHistory, type Told } from "./read-history.ts";

type HistoryOptions = LineOptions & {
  readonly release?: string;
  readonly limit: number;
  readonly json?: boolean;
};

export function registerHistory(program: Command): void {
  const command = program
    .command("history")
    .description("Show everything that was said of a line's uploads, from the first to the last.");
  withBucketOption(withLineOptions(command))
    .option("--release <version>", "version id of one upload (default: all of the line)")
    .option("--limit <number>", "how many of the newest", count, 100)
    .option("--json", "print each result as it was, with the id of its version")
    .addHelpText(
      "after",
      "\nRun it as kedge-operator of the anchor. Each change of a result is kept as a version of its object, which nobody may\ndelete; how long is in the estate (retention).\n",
    )
    .action(async ({ release, limit, json, ...options }: HistoryOptions) => {
      const bucket = bucketOf(options, process.env);
      const line = await lineOf(options, process.env);
      const told = await readHistory({ s3: new S3Client({}), bucket, line, release, limit });
      if (told.length === 0) {
        throw new CommandError(
          `Nothing was ever said of ${formatKey(line)}${release === undefined ? "" : ` version ${release}`}, or it is kept no longer.`,
          exitCodes.failed,
        );
      }
      process.stdout.write(
        json ? `${JSON.stringify(told, null, 2)}\n` : `${formatKey(line)}\n${shown(told)}\n`,
      );
    });
}

function count(text: string): number {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("It is a number from 1.");
}

/** Under each upload's version what was said of it; an upload that comes between begins anew. */
function shown(told: readonly Told[]): string {
  const lines: string[] = [];
  let version: string | undefined;
  let last = "";
  for (const each of told) {
    if (each.version !== version) lines.push(`  version ${each.version}`);
    const status = (each.result?.status ?? "removed").padEnd(20);
    const text = `${status} ${each.result?.reason.sentence ?? "Its result was removed: no line owned it."}`;
    // Between two of the same words only stages moved on; --json has them.
    if (each.version !== version || text !== last)
      lines.push(`    ${each.at.replace("T", " ").replace(/\.\d+Z$/, "Z")}  ${text}`);
    version = each.version;
    last = text;
  }
  return lines.join("\n");
}
