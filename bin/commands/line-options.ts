/** Which line and bucket a command is about: flags first, then the environment, then what is lying around. */
import { execFile } from "node:child_process";
import { basename, resolve } from "node:path";
import { promisify } from "node:util";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import type { Command } from "commander";
import { formatKey, type Line, parseKey } from "#release/names/key.ts";
import { CommandError } from "./outcome.ts";

export type LineOptions = {
  readonly account?: string;
  readonly app?: string;
  readonly branch?: string;
  readonly bucket?: string;
};

export const withLineOptions = (command: Command): Command =>
  command
    .option("--app <name>", "application (default: $KEDGE_APP, or the folder's name)")
    .option("--branch <name>", "branch (default: $KEDGE_BRANCH, or the folder's checked-out Git branch)")
    .option("--account <id>", "shared-services account (default: the account of your credentials)");

export const withBucketOption = (command: Command): Command =>
  command.option("--bucket <name>", "central artifact bucket (default: $KEDGE_ARTIFACT_BUCKET)");

export type Environment = Readonly<Record<string, string | undefined>>;

export function bucketOf(options: LineOptions, environment: Environment): string {
  const bucket = options.bucket ?? environment["KEDGE_ARTIFACT_BUCKET"];
  if (bucket) return bucket;
  throw new CommandError(
    "No artifact bucket: pass --bucket or set KEDGE_ARTIFACT_BUCKET (your cloud team knows its name).",
  );
}

/** Throws `ReleaseError` where the parts make no key. */
export async function lineOf(options: LineOptions, environment: Environment, folder = "."): Promise<Line> {
  const app = options.app ?? environment["KEDGE_APP"] ?? basename(resolve(folder)).replace(/\.zip$/, "");
  const branch = options.branch ?? environment["KEDGE_BRANCH"] ?? (await checkedOutBranch(folder));
  if (branch === undefined) {
    throw new CommandError(
      "No branch: pass --branch or set KEDGE_BRANCH (there is no Git branch checked out here).",
    );
  }
  const account = options.account ?? (await callerAccount());
  return parseKey(formatKey({ account, app, branch }));
}

async function checkedOutBranch(folder: string): Promise<string | undefined> {
  const git = promisify(execFile);
  try {
    const { stdout } = await git("git", ["-C", folder, "symbolic-ref", "--short", "--quiet", "HEAD"]);
    return stdout.trim() || undefined;
  } catch {
    return undefined;
  }
}

async function callerAccount(): Promise<string> {
  try {
    const { Account } = await new STSClient({}).send(new GetCallerIdentityCommand({}));
    if (Account !== undefined) return Account;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CommandError(
      `Cannot tell your account from your AWS credentials (${reason}); pass --account, or set up credentials.`,
      undefined,
      { cause },
    );
  }
  throw new CommandError("AWS did not say which account your credentials belong to; pass --account.");
}
