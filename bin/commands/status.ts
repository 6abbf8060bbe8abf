/** `kedge status`: what became of a line's newest upload, or of one version. */
import { S3Client } from "@aws-sdk/client-s3";
import type { Command } from "commander";
import { isFinal } from "#release/line/result.ts";
import { formatKey } from "#release/names/key.ts";
import { bucketOf, type LineOptions, lineOf, withBucketOption, withLineOptions } from "./line-options.ts";
import { CommandError, exitCodeOf, exitCodes } from "./outcome.ts";
import { readResult } from "./read-result.ts";
import { showResult } from "./show-result.ts";

type StatusOptions = LineOptions & { readonly release: string; readonly json?: boolean };

export function registerStatus(program: Command): void {
  const command = program.command("status").description("Show what became of the newest upload of a line.");
  withBucketOption(withLineOptions(command))
    .option("--release <version>", "version id of the upload asked about", "latest")
    .option("--json", "print the result object")
    .action(async (options: StatusOptions) => {
      const bucket = bucketOf(options, process.env);
      const line = await lineOf(options, process.env);
      const result = await readResult(new S3Client({}), bucket, line, options.release);
      if (result === undefined) {
        throw new CommandError(
          `There is no result for ${formatKey(line)}${options.release === "latest" ? "" : ` version ${options.release}`}: nothing was uploaded there, or it was not looked at yet.`,
          exitCodes.failed,
        );
      }
      process.stdout.write(
        options.json
          ? `${JSON.stringify(result, null, 2)}\n`
          : `${formatKey(line)}  version ${result.version}\n${showResult(result, { colour: process.stdout.isTTY === true, now: new Date() })}\n`,
      );
      process.exitCode = isFinal(result) ? exitCodeOf(result.status) : exitCodes.ok;
    });
}
