/** `kedge push`: packs, uploads, and follows the release to its end. */
import type { Command } from "commander";
import { releaseDeps } from "#aws/deps-releases.ts";
import { awsConfig } from "#bin/input/aws-config.ts";
import {
  appSentence,
  bucketOf,
  type LineOptions,
  lineOf,
  withBucketOption,
  withLineOptions,
} from "#bin/input/line-options.ts";
import { seconds } from "#bin/input/numbers.ts";
import { packArtifact, requireContent } from "#bin/input/pack.ts";
import { claimsOfCi } from "#bin/input/source-claims.ts";
import { type FollowedUntil, leaveAt, untilOption } from "#bin/input/until-option.ts";
import { followAndShow } from "#bin/show/follow.ts";
import { exitCodeOf } from "#bin/show/outcome.ts";
import { print } from "#bin/show/print.ts";
import { uploadProgress, uploadSentence } from "#bin/show/upload.ts";
import { uploadArtifact } from "#operate/upload.ts";
import { formatKey } from "#release/names/key.ts";
import { claimsMetadata } from "#release/people/claims.ts";

type PushOptions = LineOptions & {
  readonly follow: boolean;
  readonly timeout: number;
  readonly until: FollowedUntil;
  readonly json?: boolean;
};

export function registerPush(program: Command): void {
  const command = program
    .command("push")
    .argument("<dir|zip>", "folder to pack, or a zip to take as it is")
    .description("Pack, upload, and follow the release to its end; the exit code is the outcome.");
  withBucketOption(withLineOptions(command))
    .option("--no-follow", "return as soon as the artifact is uploaded")
    .addOption(untilOption())
    .option("--timeout <seconds>", "give up following after this long; the release goes on", seconds, 3600)
    .option("--json", "print the final result object and nothing else")
    .addHelpText("after", "\nExample:\n  $ kedge push build/ --app shop --branch main\n")
    .action(push);
}

async function push(source: string, { json = false, ...options }: PushOptions): Promise<void> {
  const bucket = bucketOf(options);
  const line = await lineOf(options, source);
  const named = json ? undefined : appSentence(options, source);
  await using packed = requireContent(await packArtifact(source), source);
  if (named !== undefined) print(named);
  if (!json) print(uploadSentence(packed, bucket, formatKey(line)));
  const deps = releaseDeps(awsConfig(), bucket);
  const progress = json ? undefined : uploadProgress(packed.bytes);
  const metadata = claimsMetadata(await claimsOfCi(source, process.env));
  const content = { ...packed.content, metadata };
  const version = await uploadArtifact(deps, { line, content }, progress?.show);
  progress?.end();
  if (!json) print(`version ${version}`);
  if (!options.follow) return json ? print(JSON.stringify({ line, version })) : undefined;
  const order = { line, version, timeoutSeconds: options.timeout, json, leaveAt: leaveAt(options.until) };
  const result = await followAndShow(deps, order);
  process.exitCode = exitCodeOf(result.status);
}
