/** Maps a bucket's properties to S3 calls and to the members of their input. */
import { isList, isObject, type Json, type JsonObject } from "#cloud/cloudformation/json.ts";
import { present } from "./resource-type.ts";

type Setting = {
  readonly property: string;
  readonly put: string;
  readonly input: (value: Json) => Record<string, unknown>;
  readonly remove: { readonly operation: string; readonly input?: Record<string, unknown> };
  readonly permission: string;
};

const object = (value: Json | undefined): JsonObject => (isObject(value) ? value : {});
const list = (value: Json | undefined): readonly JsonObject[] =>
  isList(value) ? value.filter(isObject) : [];

const encryption = (value: Json): Record<string, unknown> => ({
  ServerSideEncryptionConfiguration: {
    Rules: list(object(value)["ServerSideEncryptionConfiguration"]).map((rule) => {
      const { ServerSideEncryptionByDefault: byDefault, ...rest } = rule;
      return {
        ...rest,
        ...(byDefault === undefined ? {} : { ApplyServerSideEncryptionByDefault: byDefault }),
      };
    }),
  },
});

const notification = (value: Json): Record<string, unknown> => {
  const configuration = object(value);
  const filter = (entry: JsonObject) => {
    const rules = list(object(object(entry["Filter"])["S3Key"])["Rules"]);
    return rules.length === 0 ? {} : { Filter: { Key: { FilterRules: rules } } };
  };
  const entries = (name: string, target: string, arn: string) =>
    list(configuration[name]).map((entry) => ({
      [arn]: entry[target],
      Events: [entry["Event"]],
      ...filter(entry),
    }));
  return {
    NotificationConfiguration: present({
      LambdaFunctionConfigurations: entries("LambdaConfigurations", "Function", "LambdaFunctionArn"),
      QueueConfigurations: entries("QueueConfigurations", "Queue", "QueueArn"),
      TopicConfigurations: entries("TopicConfigurations", "Topic", "TopicArn"),
      EventBridgeConfiguration:
        configuration["EventBridgeConfiguration"] !== undefined &&
        String(object(configuration["EventBridgeConfiguration"])["EventBridgeEnabled"] ?? true) === "true"
          ? {}
          : undefined,
    }),
  };
};

/** Converts CloudFormation's flat lifecycle rules to S3's nested form. */
const lifecycleRule = (rule: JsonObject): Record<string, unknown> => {
  const { Id, Prefix, Status, ExpirationInDays, ExpirationDate, ExpiredObjectDeleteMarker, TagFilters } =
    rule;
  const nonCurrent = object(rule["NoncurrentVersionExpiration"]);
  const nonCurrentDays = rule["NoncurrentVersionExpirationInDays"] ?? nonCurrent["NoncurrentDays"];
  const tags = list(TagFilters);
  const transitions = [...list(rule["Transitions"]), ...list([rule["Transition"] ?? null])];
  const moves = [
    ...list(rule["NoncurrentVersionTransitions"]),
    ...list([rule["NoncurrentVersionTransition"] ?? null]),
  ];
  const expires =
    ExpirationInDays !== undefined || ExpirationDate !== undefined || ExpiredObjectDeleteMarker !== undefined;
  return present({
    ID: Id,
    Status,
    Filter: tags.length > 0 ? { And: present({ Prefix, Tags: tags }) } : { Prefix: Prefix ?? "" },
    Expiration: expires
      ? present({
          Days: ExpirationInDays,
          Date: ExpirationDate === undefined ? undefined : new Date(String(ExpirationDate)),
          ExpiredObjectDeleteMarker,
        })
      : undefined,
    NoncurrentVersionExpiration:
      nonCurrentDays === undefined
        ? undefined
        : present({
            NoncurrentDays: nonCurrentDays,
            NewerNoncurrentVersions: nonCurrent["NewerNoncurrentVersions"],
          }),
    AbortIncompleteMultipartUpload: rule["AbortIncompleteMultipartUpload"],
    Transitions:
      transitions.length === 0
        ? undefined
        : transitions.map((one) =>
            present({
              Days: one["TransitionInDays"],
              Date: one["TransitionDate"],
              StorageClass: one["StorageClass"],
            }),
          ),
    NoncurrentVersionTransitions:
      moves.length === 0
        ? undefined
        : moves.map((one) =>
            present({ NoncurrentDays: one["TransitionInDays"], StorageClass: one["StorageClass"] }),
          ),
  });
};

const setting = (
  property: string,
  put: string,
  permission: string,
  input: Setting["input"],
  remove: Setting["remove"],
): Setting => ({
  property,
  put,
  permission: `s3:${permission}`,
  input,
  remove,
});

const whole = (member: string) => (value: Json) => ({ [member]: value });

/**
 * The settings in the order of their calls: ownership before the settings that need it, notifications last.
 */
export const bucketSettings: readonly Setting[] = [
  setting(
    "OwnershipControls",
    "PutBucketOwnershipControls",
    "PutBucketOwnershipControls",
    whole("OwnershipControls"),
    { operation: "DeleteBucketOwnershipControls" },
  ),
  setting(
    "PublicAccessBlockConfiguration",
    "PutPublicAccessBlock",
    "PutBucketPublicAccessBlock",
    whole("PublicAccessBlockConfiguration"),
    { operation: "DeletePublicAccessBlock" },
  ),
  setting(
    "VersioningConfiguration",
    "PutBucketVersioning",
    "PutBucketVersioning",
    whole("VersioningConfiguration"),
    {
      operation: "PutBucketVersioning",
      input: { VersioningConfiguration: { Status: "Suspended" } },
    },
  ),
  setting("BucketEncryption", "PutBucketEncryption", "PutEncryptionConfiguration", encryption, {
    operation: "DeleteBucketEncryption",
  }),
  setting(
    "LifecycleConfiguration",
    "PutBucketLifecycleConfiguration",
    "PutLifecycleConfiguration",
    (value) => ({ LifecycleConfiguration: { Rules: list(object(value)["Rules"]).map(lifecycleRule) } }),
    { operation: "DeleteBucketLifecycle" },
  ),
  setting(
    "CorsConfiguration",
    "PutBucketCors",
    "PutBucketCORS",
    (value) => ({
      CORSConfiguration: {
        CORSRules: list(object(value)["CorsRules"]).map((rule) =>
          present({
            ID: rule["Id"],
            AllowedHeaders: rule["AllowedHeaders"],
            AllowedMethods: rule["AllowedMethods"],
            AllowedOrigins: rule["AllowedOrigins"],
            ExposeHeaders: rule["ExposedHeaders"],
            MaxAgeSeconds: rule["MaxAge"],
          }),
        ),
      },
    }),
    { operation: "DeleteBucketCors" },
  ),
  setting(
    "LoggingConfiguration",
    "PutBucketLogging",
    "PutBucketLogging",
    (value) => ({
      BucketLoggingStatus: {
        LoggingEnabled: {
          TargetBucket: object(value)["DestinationBucketName"],
          TargetPrefix: object(value)["LogFilePrefix"] ?? "",
        },
      },
    }),
    { operation: "PutBucketLogging", input: { BucketLoggingStatus: {} } },
  ),
  setting(
    "NotificationConfiguration",
    "PutBucketNotificationConfiguration",
    "PutBucketNotification",
    notification,
    {
      operation: "PutBucketNotificationConfiguration",
      input: { NotificationConfiguration: {} },
    },
  ),
];
