/** Lists the attributes of queues, checks their values, and has the default values. */
import { invalidAttributeValue, invalidValue, unknownAttribute } from "./errors.ts";

/**
 * SQS reads a boolean in any case, and reports it in lower case: `"True"` makes a FIFO queue (common in
 * templates; docs/aws-assumptions.md).
 */
const booleans = ["FifoQueue", "ContentBasedDeduplication", "SqsManagedSseEnabled"];

export const readAttributes = (given: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(given).map(([name, value]) => [
      name,
      booleans.includes(name) ? value.toLowerCase() : value,
    ]),
  );

type Check = (value: string, name: string) => void;

const between =
  (low: number, high: number): Check =>
  (value, name) => {
    if (!/^\d+$/.test(value) || Number(value) < low || Number(value) > high)
      throw invalidAttributeValue(name);
  };

const oneOf =
  (...allowed: readonly string[]): Check =>
  (value, name) => {
    if (!allowed.includes(value)) throw invalidAttributeValue(name);
  };

const record = (value: string, name: string): Record<string, unknown> => {
  try {
    const parsed: unknown = JSON.parse(value);
    if (typeof parsed === "object" && parsed !== null && !Array.isArray(parsed))
      return parsed as Record<string, unknown>;
  } catch {
    // The error below covers this case.
  }
  throw invalidAttributeValue(name);
};

const policy: Check = (value, name) => {
  const { Statement } = record(value, name);
  if (value.length > 8192 || Statement === undefined) throw invalidAttributeValue(name);
};

const redrive: Check = (value, name) => {
  const parsed = record(value, name);
  const max = parsed["maxReceiveCount"];
  if (typeof parsed["deadLetterTargetArn"] !== "string" || max === undefined)
    throw invalidValue(
      value,
      name,
      "Redrive policy does not contain mandatory attribute: deadLetterTargetArn and maxReceiveCount.",
    );
  if (!/^\d+$/.test(String(max)) || Number(max) < 1 || Number(max) > 1000)
    throw invalidValue(value, name, "Invalid value for maxReceiveCount: must be between 1 and 1000.");
  const extra = Object.keys(parsed).find((key) => key !== "deadLetterTargetArn" && key !== "maxReceiveCount");
  if (extra !== undefined)
    throw invalidValue(
      value,
      name,
      `Only following attributes are supported: [deadLetterTargetArn, maxReceiveCount].`,
    );
};

const redriveAllow: Check = (value, name) => {
  const { redrivePermission, sourceQueueArns } = record(value, name);
  const byQueue = redrivePermission === "byQueue";
  if (!byQueue && redrivePermission !== "allowAll" && redrivePermission !== "denyAll")
    throw invalidValue(
      value,
      name,
      "Amazon SQS can't create the redrive allow policy, as the redrivePermission value is not valid.",
    );
  const arns = Array.isArray(sourceQueueArns) ? sourceQueueArns.length : undefined;
  if (byQueue ? arns === undefined || arns < 1 || arns > 10 : sourceQueueArns !== undefined)
    throw invalidValue(
      value,
      name,
      "sourceQueueArns takes 1 to 10 queue ARNs, with redrivePermission byQueue only.",
    );
};

/** An empty string removes these attributes. */
const removable = ["Policy", "RedrivePolicy", "RedriveAllowPolicy", "KmsMasterKeyId"];

const settable: Readonly<Record<string, Check>> = {
  DelaySeconds: between(0, 900),
  MaximumMessageSize: between(1024, 1_048_576),
  MessageRetentionPeriod: between(60, 1_209_600),
  Policy: policy,
  ReceiveMessageWaitTimeSeconds: between(0, 20),
  VisibilityTimeout: between(0, 43_200),
  RedrivePolicy: redrive,
  RedriveAllowPolicy: redriveAllow,
  KmsMasterKeyId: () => undefined,
  KmsDataKeyReusePeriodSeconds: between(60, 86_400),
  SqsManagedSseEnabled: oneOf("true", "false"),
  FifoQueue: oneOf("true", "false"),
  ContentBasedDeduplication: oneOf("true", "false"),
  DeduplicationScope: oneOf("messageGroup", "queue"),
  FifoThroughputLimit: oneOf("perQueue", "perMessageGroupId"),
};

const fifoOnly = ["ContentBasedDeduplication", "DeduplicationScope", "FifoThroughputLimit"];

export const defaultAttributes = (fifo: boolean): Readonly<Record<string, string>> => ({
  DelaySeconds: "0",
  MaximumMessageSize: "1048576",
  MessageRetentionPeriod: "345600",
  ReceiveMessageWaitTimeSeconds: "0",
  VisibilityTimeout: "30",
  ...(fifo && {
    FifoQueue: "true",
    ContentBasedDeduplication: "false",
    DeduplicationScope: "queue",
    FifoThroughputLimit: "perQueue",
  }),
});

export const knownAttributes: readonly string[] = [
  ...Object.keys(settable),
  "ApproximateNumberOfMessages",
  "ApproximateNumberOfMessagesDelayed",
  "ApproximateNumberOfMessagesNotVisible",
  "CreatedTimestamp",
  "LastModifiedTimestamp",
  "QueueArn",
];

/** Returns `current` with `changes` applied. Throws SQS's error for the first invalid change. */
export function mergeAttributes(
  current: Readonly<Record<string, string>>,
  changes: Readonly<Record<string, string>>,
  fifo: boolean,
): Record<string, string> {
  const merged = { ...current };
  for (const [name, value] of Object.entries(changes)) {
    const check = settable[name];
    if (check === undefined || (!fifo && fifoOnly.includes(name))) throw unknownAttribute(name);
    if (value === "" && removable.includes(name)) {
      delete merged[name];
      continue;
    }
    check(value, name);
    merged[name] = value;
  }
  if (
    merged["FifoThroughputLimit"] === "perMessageGroupId" &&
    merged["DeduplicationScope"] !== "messageGroup"
  )
    throw invalidValue(
      "perMessageGroupId",
      "FifoThroughputLimit",
      "FifoThroughputLimit can only be perMessageGroupId if DeduplicationScope is messageGroup.",
    );
  if (changes["KmsMasterKeyId"] && changes["SqsManagedSseEnabled"] === "true")
    throw invalidValue(
      "true",
      "SqsManagedSseEnabled",
      "You can use one type of server-side encryption (SSE) at one time. You can either enable KMS SSE or SQS SSE.",
    );
  if (changes["KmsMasterKeyId"]) merged["SqsManagedSseEnabled"] = "false";
  if (changes["SqsManagedSseEnabled"] === "true") delete merged["KmsMasterKeyId"];
  return merged;
}
