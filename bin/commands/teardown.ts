/** `kedge teardown`: uploads the tombstone and follows until stacks and pipeline are gone. */
import type { Command } from "commander";
import { releaseDeps } from "#aws/deps-releases.ts";
import { atTerminal } from "#bin/input/ask.ts";
import { awsConfig } from "#bin/input/aws-config.ts";
import { confirm } from "#bin/input/confirm.ts";
import {
  bucketOf,
  type LineOptions,
  lineOf,
  withBucketOption,
  withLineOptions,
} from "#bin/input/line-options.ts";
import { seconds } from "#bin/input/numbers.ts";
import { followAndShow } from "#bin/show/follow.ts";
import { CommandError, exitCodeOf } from "#bin/show/outcome.ts";
import { print } from "#bin/show/print.ts";
import { tearDown } from "#operate/upload.ts";
import { formatKey } from "#release/names/key.ts";

type TeardownOptions = LineOptions & {
  readonly yes?: boolean;
  readonly follow: boolean;
  readonly timeout: number;
  readonly json?: boolean;
};

export function registerTeardown(program: Command): void {
  const command = program
    .command("teardown")
    .description("Remove a line: its stacks in every environment, its pipeline, its cache.");
  withBucketOption(withLineOptions(command))
    .option("--yes", "do not ask")
    .option("--no-follow", "return as soon as the order is given")
    .option("--timeout <seconds>", "give up following after this long; the teardown goes on", seconds, 3600)
    .option("--json", "print the final result object and nothing else")
    .action(teardown);
}

async function teardown({ json = false, ...options }: TeardownOptions): Promise<void> {
  const bucket = bucketOf(options);
  const line = await lineOf(options);
  if (!options.yes) {
    const question = `This removes everything ${formatKey(line)} deployed, in every environment.`;
    if (atTerminal()) await confirm(question, "Nothing was done");
    else throw new CommandError(`${question} Without a terminal, pass --yes to do so.`);
  }
  const deps = releaseDeps(awsConfig(), bucket);
  const version = await tearDown(deps, line);
  if (!options.follow) return print(json ? JSON.stringify({ line, version }) : `version ${version}`);
  const result = await followAndShow(deps, { line, version, timeoutSeconds: options.timeout, json });
  process.exitCode = exitCodeOf(result.status);
}
