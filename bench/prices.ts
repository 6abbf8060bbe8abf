/**
 * Unit prices of us-east-1 in dollars, as third parties have copied them from AWS's price list in 2026, and
 * the price of each call. Check the price list before you quote a figure.
 */
import type { CallRecord } from "@kedge/local-cloud/kernel/cloud-type";

const million = 1e6;

export const prices = {
  "Lambda requests": 0.2 / million,
  "Lambda GB-seconds, arm64": 0.000_013_333_4,
  "SQS requests, FIFO": 0.5 / million,
  "SQS requests, standard": 0.4 / million,
  "EventBridge events, S3's and cross-account": 1 / million,
  "S3 PUT, LIST": 0.005 / 1000,
  "S3 GET, HEAD": 0.0004 / 1000,
  "KMS requests": 0.03 / 10_000,
  "CloudWatch Logs, GB": 0.5,
  "CodePipeline V2 action minutes": 0.002,
  "CodeBuild minutes, general1.small": 0.005,
  "CloudFormation, STS, other control plane": 0,
} as const;

export type Piece = keyof typeof prices;

const s3Writes = /^(Put|Copy|List|Create|Upload|Complete)/;

/** Returns undefined for calls that are free or that are counted elsewhere. */
export function pieceOf({ service, operation, input }: CallRecord): Piece | undefined {
  switch (service) {
    case "s3":
      if (/^(Delete|Abort)/.test(operation)) return undefined; // free
      return s3Writes.test(operation) ? "S3 PUT, LIST" : "S3 GET, HEAD";
    case "kms":
      return "KMS requests";
    case "sqs":
      // An empty receive belongs to the poller, not to a release. A delete follows each receive that brings
      // messages.
      if (operation === "ReceiveMessage") return undefined;
      return /\.fifo$/.test((input as { QueueUrl?: string }).QueueUrl ?? "")
        ? "SQS requests, FIFO"
        : "SQS requests, standard";
    case "events":
      return operation === "PutEvents" ? "EventBridge events, S3's and cross-account" : undefined;
    case "cloudformation":
    case "codepipeline":
    case "sts":
    case "ssm":
      return "CloudFormation, STS, other control plane";
    default:
      return undefined;
  }
}
