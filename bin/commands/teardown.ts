/** `kedge teardown`: uploads the tombstone and follows until stacks and pipeline are gone. */
import { createInterface } from "node:readline/promises";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import type { Command } from "commander";
import { formatKey } from "#release/names/key.ts";
import { followAndShow } from "./follow-and-show.ts";
import { bucketOf, type LineOptions, lineOf, withBucketOption, withLineOptions } from "./line-options.ts";
import { CommandError, exitCodeOf } from "./outcome.ts";
import { seconds } from "./push.ts";

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
    .action(async (options: TeardownOptions) => {
      const bucket = bucketOf(options, process.env);
      const line = await lineOf(options, process.env);
      if (!options.yes) await confirm(formatKey(line));
      const s3 = new S3Client({});
      const { VersionId } = await s3.send(
        new PutObjectCommand({ Bucket: bucket, Key: formatKey(line), Body: new Uint8Array() }),
      );
      if (VersionId === undefined)
        throw new CommandError(
          `The bucket ${bucket} keeps no versions, so it is not Kedge's; check --bucket.`,
        );
      if (!options.follow)
        return void process.stdout.write(
          options.json ? `${JSON.stringify({ line, version: VersionId })}\n` : `version ${VersionId}\n`,
        );
      const result = await followAndShow({
        s3,
        bucket,
        line,
        version: VersionId,
        timeoutSeconds: options.timeout,
        json: options.json === true,
      });
      process.exitCode = exitCodeOf(result.status);
    });
}

async function confirm(key: string): Promise<void> {
  if (!process.stdin.isTTY)
    throw new CommandError(
      `This removes everything ${key} deployed; pass --yes to do so without a terminal.`,
    );
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await prompt.question(
    `This removes everything ${key} deployed, in every environment. Type yes to go on: `,
  );
  prompt.close();
  if (answer.trim() !== "yes") throw new CommandError("Nothing was done.");
}
