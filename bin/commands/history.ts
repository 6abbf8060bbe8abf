/** `kedge history`: shows every result that was written for a line's uploads, oldest first. */
import type { Command } from "commander";
import { releaseDeps } from "#aws/deps-releases.ts";
import { awsConfig } from "#bin/input/aws-config.ts";
import {
  bucketOf,
  type LineOptions,
  lineOf,
  withBucketOption,
  withLineOptions,
} from "#bin/input/line-options.ts";
import { count } from "#bin/input/numbers.ts";
import { showHistory } from "#bin/show/history.ts";
import { print, printJson } from "#bin/show/print.ts";
import { releaseHistory } from "#operate/history.ts";
import { formatKey } from "#release/names/key.ts";

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
      "\nEach change of a result is kept as a version of its object, which no role may\ndelete. S3 keeps it for at least 365 days after the next change.\n",
    )
    .action(async ({ release, limit, json, ...options }: HistoryOptions) => {
      const deps = releaseDeps(awsConfig(), bucketOf(options));
      const line = await lineOf(options);
      const entries = await releaseHistory(deps, { line, release, limit });
      if (json) printJson(entries);
      else print(`${formatKey(line)}\n${showHistory(entries)}`);
    });
}
