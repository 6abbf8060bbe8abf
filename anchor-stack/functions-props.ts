/** The input of the anchor's Lambdas, and the reasons that several of their grants share. */
import type { CfnQueue } from "aws-cdk-lib/aws-sqs";
import type { Cache } from "./cache.ts";

/** The SHA-256 of each Lambda's zip, which is its name in the registry. */
export type CodeDigests = Readonly<
  Record<
    | "reconcile"
    | "observe"
    | "package"
    | "prepare"
    | "execute"
    | "smoke"
    | "sweep"
    | "verify"
    | "call"
    | "site",
    string
  >
>;

export type FunctionsProps = {
  readonly code: CodeDigests;
  readonly centralAccount: string;
  readonly artifactBucket: string;
  readonly registryBucket: string;
  readonly targetAccounts: readonly string[];
  readonly cache: Cache;
  readonly lines: readonly CfnQueue[];
  readonly observeDeadLettersArn: string;
  /** Environment variables of kedge-execute, which compares uploader and approver. */
  readonly pinned: Readonly<Record<string, string>>;
};

export const ofALine = "Each line has a folder with the line's name, which the first upload creates.";
export const slotRecordsOfALine =
  "The slot records of lines: a record says that its line holds a slot or waits for a slot.";
export const byDigest = "The key of an asset is the SHA-256 of its content.";
export const ofAPipeline = "CodePipeline creates a folder for each pipeline, with random names in it.";

export const arnsOf = (queues: readonly CfnQueue[]): readonly string[] =>
  queues.map(({ attrArn }) => attrArn);
