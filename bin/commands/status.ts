/** `kedge status`: shows the result of a line's newest upload, or of one version. */
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
import { exitCodeOf, exitCodes } from "#bin/show/outcome.ts";
import { inColour } from "#bin/show/paint.ts";
import { print, printJson } from "#bin/show/print.ts";
import { showResult } from "#bin/show/result.ts";
import { namesOf, peopleIn } from "#operate/people.ts";
import { releaseStatus } from "#operate/status.ts";
import { isFinal } from "#release/line/result.ts";
import { formatKey } from "#release/names/key.ts";

type StatusOptions = LineOptions & { readonly release: string; readonly json?: boolean };

export function registerStatus(program: Command): void {
  const command = program.command("status").description("Show what became of the newest upload of a line.");
  withBucketOption(withLineOptions(command))
    .option("--release <version>", "version id of the upload asked about", "latest")
    .option("--json", "print the result object, with the names of its people")
    .action(async ({ release: version, json, ...options }: StatusOptions) => {
      const deps = releaseDeps(awsConfig(), bucketOf(options));
      const line = await lineOf(options);
      const result = await releaseStatus(deps, { line, version });
      const colour = inColour();
      const names = await namesOf(deps, line.account, peopleIn(result));
      if (json) printJson({ ...result, people: names });
      else {
        print(`${formatKey(line)}  version ${result.version}`);
        print(showResult(result, { colour, now: new Date(), names }));
      }
      process.exitCode = isFinal(result) ? exitCodeOf(result.status) : exitCodes.ok;
    });
}
