/** The line and the bucket of a command: from its options, then from the environment, then from the folder and its Git branch. */
import { basename, resolve } from "node:path";
import type { Command } from "commander";
import { callerAccount } from "#aws/caller-sts.ts";
import { CommandError } from "#bin/show/outcome.ts";
import { formatKey, type Line, parseKey } from "#release/names/key.ts";
import { awsConfig } from "./aws-config.ts";
import { branchOf } from "./branch.ts";

export type LineOptions = {
  readonly account?: string;
  readonly app?: string;
  readonly branch?: string;
  readonly bucket?: string;
};

export const withLineOptions = (command: Command): Command =>
  command
    .option("--app <name>", "application (default: $KEDGE_APP, or the folder's name)")
    .option(
      "--branch <name>",
      "branch (default: $KEDGE_BRANCH, the folder's Git branch, or the branch your CI names)",
    )
    .option("--account <id>", "shared-services account (default: the account of your credentials)");

export const withBucketOption = (command: Command): Command =>
  command.option("--bucket <name>", "central artifact bucket (default: $KEDGE_ARTIFACT_BUCKET)");

export const optionalBucketOf = (options: Pick<LineOptions, "bucket">): string | undefined =>
  options.bucket || process.env["KEDGE_ARTIFACT_BUCKET"] || undefined;

export function bucketOf(options: Pick<LineOptions, "bucket">): string {
  const bucket = optionalBucketOf(options);
  if (bucket) return bucket;
  throw new CommandError(
    "No artifact bucket: pass --bucket or set KEDGE_ARTIFACT_BUCKET (your cloud team knows its name).",
  );
}

const appOfFolder = (folder: string): string => basename(resolve(folder)).replace(/\.zip$/, "");

/** Says where the application's name is from, when no option and no variable gives it. */
export function appSentence({ app }: LineOptions, folder: string): string | undefined {
  if (app !== undefined || process.env["KEDGE_APP"] !== undefined) return undefined;
  return `The application is ${appOfFolder(folder)}, by the name of ${resolve(folder)}; --app or KEDGE_APP names another.`;
}

/** Throws `ReleaseError` where the parts make no key. */
export async function lineOf(options: LineOptions, folder = "."): Promise<Line> {
  const app = options.app ?? process.env["KEDGE_APP"] ?? appOfFolder(folder);
  const branch = options.branch ?? process.env["KEDGE_BRANCH"] ?? (await branchOf(folder, process.env));
  if (branch === undefined) {
    throw new CommandError(
      "No branch: pass --branch or set KEDGE_BRANCH (no Git branch is checked out here, and no variable of a CI names one).",
    );
  }
  const account = options.account ?? (await credentialsAccount());
  return parseKey(formatKey({ account, app, branch }));
}

async function credentialsAccount(): Promise<string> {
  try {
    const account = await callerAccount(awsConfig());
    if (account !== undefined) return account;
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
