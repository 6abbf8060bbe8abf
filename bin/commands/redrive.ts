/**
 * `kedge redrive`: shows the messages in the dead-letter queue and why they failed; with `--go` they are
 * handled once more.
 */
import { type Command, Option } from "commander";
import { redriveDeps } from "#aws/deps-anchor-operator.ts";
import { awsConfig } from "#bin/input/aws-config.ts";
import { bucketOf } from "#bin/input/line-options.ts";
import { showDeadLetters } from "#bin/show/dead-letters.ts";
import { exitCodes } from "#bin/show/outcome.ts";
import { print, printJson } from "#bin/show/print.ts";
import { type DeadLetterQueue, explainDeadLetters, redrive } from "#operate/redrive.ts";
import { counted } from "#release/names/counted.ts";

type RedriveOptions = {
  readonly queue: DeadLetterQueue;
  readonly bucket?: string;
  readonly go?: boolean;
  readonly json?: boolean;
};

const pollMs = 200;

export function registerRedrive(program: Command): void {
  program
    .command("redrive")
    .description("Show the messages that were given up, and why; with --go, have them handled once more.")
    .addOption(
      new Option("--queue <name>", "lines: of an anchor; intake: uploads, in the central account")
        .choices(["lines", "intake"])
        .default("lines"),
    )
    .option("--bucket <name>", "central artifact bucket, to read why (default: $KEDGE_ARTIFACT_BUCKET)")
    .option("--go", "move them back to the queues they came from")
    .option("--json", "print what was found, or moved, as JSON")
    .addHelpText(
      "after",
      "\nExit code 0: nothing is left; 1: something is.\nEvents in kedge-observe-dlq need no redrive: the hourly sweep has looked at every line since.\n",
    )
    .action(async ({ queue, go, json, ...options }: RedriveOptions) => {
      const deps = redriveDeps(awsConfig(), queue, () => bucketOf(options));
      if (go) {
        const moved = await redrive(deps, { pollMs });
        return print(
          json ? JSON.stringify({ moved }) : `${counted(moved, "message was", "messages were")} moved back.`,
        );
      }
      const found = await explainDeadLetters(deps, queue);
      if (json) printJson(found);
      else print(showDeadLetters(found));
      process.exitCode = found.length === 0 ? exitCodes.ok : exitCodes.failed;
    });
}
