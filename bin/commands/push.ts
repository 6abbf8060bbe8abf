/** `kedge push`: packs, uploads, and follows the release to its end. */
import { createReadStream } from "node:fs";
import { S3Client } from "@aws-sdk/client-s3";
import { Upload } from "@aws-sdk/lib-storage";
import { type Command, InvalidArgumentError } from "commander";
import { formatKey } from "#release/names/key.ts";
import { followAndShow } from "./follow-and-show.ts";
import { bucketOf, type LineOptions, lineOf, withBucketOption, withLineOptions } from "./line-options.ts";
import { CommandError, exitCodeOf } from "./outcome.ts";
import { packArtifact } from "./pack.ts";

export const seconds = (text: string): number => {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError("Expected a number of seconds.");
  return value;
};

type PushOptions = LineOptions & {
  readonly follow: boolean;
  readonly timeout: number;
  readonly json?: boolean;
};

export function registerPush(program: Command): void {
  const command = program
    .command("push")
    .argument("<dir|zip>", "folder to pack, or a zip to take as it is")
    .description("Pack, upload, and follow the release to its end; the exit code is the outcome.");
  withBucketOption(withLineOptions(command))
    .option("--no-follow", "return as soon as the artifact is uploaded")
    .option("--timeout <seconds>", "give up following after this long; the release goes on", seconds, 3600)
    .option("--json", "print the final result object and nothing else")
    .addHelpText("after", "\nExample:\n  $ kedge push build/ --app shop --branch main\n")
    .action(async (source: string, options: PushOptions) => {
      const say = (text: string): void => void (options.json || process.stdout.write(`${text}\n`));
      const bucket = bucketOf(options, process.env);
      const line = await lineOf(options, process.env, source);
      await using packed = await packArtifact(source);
      if (packed.bytes === 0)
        throw new CommandError(
          `${source} is empty, and an empty upload is the order to tear the line down; use kedge teardown if that is meant.`,
        );
      say(
        `${packed.entries > 0 ? `packed ${packed.entries} files, ` : ""}uploading ${size(packed.bytes)} to s3://${bucket}/${formatKey(line)}`,
      );
      const s3 = new S3Client({});
      const upload = new Upload({
        client: s3,
        params: {
          Bucket: bucket,
          Key: formatKey(line),
          Body: createReadStream(packed.path),
          ContentType: "application/zip",
        },
      });
      if (process.stderr.isTTY && !options.json) {
        upload.on("httpUploadProgress", ({ loaded }) =>
          process.stderr.write(`\r${size(loaded ?? 0)} of ${size(packed.bytes)}\u001b[K`),
        );
      }
      const { VersionId } = await upload.done();
      if (process.stderr.isTTY && !options.json) process.stderr.write("\r\u001b[K");
      if (VersionId === undefined)
        throw new CommandError(
          `The bucket ${bucket} keeps no versions, so it is not Kedge's; check --bucket.`,
        );
      if (!options.follow) {
        process.stdout.write(
          options.json ? `${JSON.stringify({ line, version: VersionId })}\n` : `version ${VersionId}\n`,
        );
        return;
      }
      say(`version ${VersionId}`);
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

function size(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1024 * 1024 ? `${(bytes / 1024).toFixed(1)} KiB` : `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}
