/** SAM's policy templates: a name and its parameters stand for IAM statements. */
import type { Json, JsonObject } from "#cloud/cloudformation/json.ts";

type Fill = (parameters: JsonObject) => readonly JsonObject[];

const sub = (text: string, variables: JsonObject): JsonObject => ({ "Fn::Sub": [text, variables] });
const allow = (Action: readonly string[], Resource: Json): JsonObject => ({
  Effect: "Allow",
  Action,
  Resource,
});
const arn = (service: string, rest: string): string =>
  `arn:\${AWS::Partition}:${service}:\${AWS::Region}:\${AWS::AccountId}:${rest}`;

const table = (p: JsonObject): readonly Json[] => {
  const variables = { tableName: p["TableName"] ?? "" };
  return [
    sub(arn("dynamodb", "table/${tableName}"), variables),
    sub(arn("dynamodb", "table/${tableName}/index/*"), variables),
  ];
};
const bucket = (p: JsonObject): readonly Json[] => {
  const variables = { bucketName: p["BucketName"] ?? "" };
  return [
    sub("arn:${AWS::Partition}:s3:::${bucketName}", variables),
    sub("arn:${AWS::Partition}:s3:::${bucketName}/*", variables),
  ];
};
const one =
  (service: string, rest: string, variable: string, parameter: string) =>
  (p: JsonObject): Json =>
    sub(arn(service, rest), { [variable]: p[parameter] ?? "" });

const queue = one("sqs", "${queueName}", "queueName", "QueueName");
const topic = one("sns", "${topicName}", "topicName", "TopicName");
const fn = one("lambda", "function:${functionName}*", "functionName", "FunctionName");
const key = one("kms", "key/${keyId}", "keyId", "KeyId");
const machine = one("states", "stateMachine:${stateMachineName}", "stateMachineName", "StateMachineName");
const stream = one("kinesis", "stream/${streamName}", "streamName", "StreamName");
const bus = one("events", "event-bus/${eventBusName}", "eventBusName", "EventBusName");

const dynamoRead = [
  "dynamodb:GetItem",
  "dynamodb:Scan",
  "dynamodb:Query",
  "dynamodb:BatchGetItem",
  "dynamodb:DescribeTable",
];
const dynamoWrite = ["dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:BatchWriteItem"];
const s3Read = [
  "s3:GetObject",
  "s3:ListBucket",
  "s3:GetBucketLocation",
  "s3:GetObjectVersion",
  "s3:GetLifecycleConfiguration",
];
const s3Write = ["s3:PutObject", "s3:PutObjectAcl", "s3:PutLifecycleConfiguration"];

export const policyTemplates: Readonly<Record<string, Fill>> = {
  AWSSecretsManagerGetSecretValuePolicy: (p) => [
    allow(["secretsmanager:GetSecretValue"], sub("${secretArn}", { secretArn: p["SecretArn"] ?? "" })),
  ],
  CloudWatchPutMetricPolicy: () => [allow(["cloudwatch:PutMetricData"], "*")],
  DynamoDBCrudPolicy: (p) => [
    allow(
      [
        "dynamodb:GetItem",
        "dynamodb:DeleteItem",
        "dynamodb:PutItem",
        "dynamodb:Scan",
        "dynamodb:Query",
        "dynamodb:UpdateItem",
        "dynamodb:BatchWriteItem",
        "dynamodb:BatchGetItem",
        "dynamodb:DescribeTable",
        "dynamodb:ConditionCheckItem",
      ],
      table(p),
    ),
  ],
  DynamoDBReadPolicy: (p) => [allow(dynamoRead, table(p))],
  DynamoDBStreamReadPolicy: (p) => [
    allow(
      ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"],
      sub(arn("dynamodb", "table/${tableName}/stream/${streamName}"), {
        tableName: p["TableName"] ?? "",
        streamName: p["StreamName"] ?? "",
      }),
    ),
    allow(
      ["dynamodb:ListStreams"],
      sub(arn("dynamodb", "table/${tableName}/stream/*"), { tableName: p["TableName"] ?? "" }),
    ),
  ],
  DynamoDBWritePolicy: (p) => [allow(dynamoWrite, table(p))],
  EventBridgePutEventsPolicy: (p) => [allow(["events:PutEvents"], bus(p))],
  KinesisCrudPolicy: (p) => [
    allow(
      [
        "kinesis:AddTagsToStream",
        "kinesis:DescribeStream",
        "kinesis:DescribeStreamSummary",
        "kinesis:GetRecords",
        "kinesis:GetShardIterator",
        "kinesis:ListShards",
        "kinesis:PutRecord",
        "kinesis:PutRecords",
      ],
      stream(p),
    ),
  ],
  KMSDecryptPolicy: (p) => [allow(["kms:Decrypt"], key(p))],
  KMSEncryptPolicy: (p) => [allow(["kms:Encrypt"], key(p))],
  LambdaInvokePolicy: (p) => [allow(["lambda:InvokeFunction"], fn(p))],
  S3CrudPolicy: (p) => [
    allow(
      [
        "s3:GetObject",
        "s3:ListBucket",
        "s3:GetBucketLocation",
        "s3:GetObjectVersion",
        "s3:PutObject",
        "s3:PutObjectAcl",
        "s3:GetLifecycleConfiguration",
        "s3:PutLifecycleConfiguration",
        "s3:DeleteObject",
      ],
      bucket(p),
    ),
  ],
  S3FullAccessPolicy: (p) => [
    allow(
      [
        "s3:GetObject",
        "s3:GetObjectAcl",
        "s3:GetObjectVersion",
        "s3:PutObject",
        "s3:PutObjectAcl",
        "s3:DeleteObject",
        "s3:DeleteObjectTagging",
        "s3:DeleteObjectVersionTagging",
        "s3:GetObjectTagging",
        "s3:GetObjectVersionTagging",
        "s3:PutObjectTagging",
        "s3:PutObjectVersionTagging",
      ],
      bucket(p).slice(1),
    ),
    allow(
      [
        "s3:ListBucket",
        "s3:GetBucketLocation",
        "s3:GetLifecycleConfiguration",
        "s3:PutLifecycleConfiguration",
      ],
      bucket(p).slice(0, 1),
    ),
  ],
  S3ReadPolicy: (p) => [allow(s3Read, bucket(p))],
  S3WritePolicy: (p) => [allow(s3Write, bucket(p))],
  SESCrudPolicy: (p) => [
    allow(
      [
        "ses:GetIdentityVerificationAttributes",
        "ses:SendEmail",
        "ses:SendRawEmail",
        "ses:VerifyEmailIdentity",
      ],
      one("ses", "identity/${identityName}", "identityName", "IdentityName")(p),
    ),
  ],
  SNSCrudPolicy: (p) => [
    allow(
      [
        "sns:ListSubscriptionsByTopic",
        "sns:CreateTopic",
        "sns:SetTopicAttributes",
        "sns:Subscribe",
        "sns:Publish",
      ],
      one("sns", "${topicName}*", "topicName", "TopicName")(p),
    ),
  ],
  SNSPublishMessagePolicy: (p) => [allow(["sns:Publish"], topic(p))],
  SQSPollerPolicy: (p) => [
    allow(
      [
        "sqs:ChangeMessageVisibility",
        "sqs:ChangeMessageVisibilityBatch",
        "sqs:DeleteMessage",
        "sqs:DeleteMessageBatch",
        "sqs:GetQueueAttributes",
        "sqs:ReceiveMessage",
      ],
      queue(p),
    ),
  ],
  SQSSendMessagePolicy: (p) => [allow(["sqs:SendMessage*"], queue(p))],
  SSMParameterReadPolicy: (p) => [
    allow(["ssm:DescribeParameters"], "*"),
    allow(
      ["ssm:GetParameters", "ssm:GetParameter", "ssm:GetParametersByPath"],
      one("ssm", "parameter/${parameterName}", "parameterName", "ParameterName")(p),
    ),
  ],
  StepFunctionsExecutionPolicy: (p) => [allow(["states:StartExecution"], machine(p))],
  VPCAccessPolicy: () => [
    allow(
      [
        "ec2:CreateNetworkInterface",
        "ec2:DeleteNetworkInterface",
        "ec2:DescribeNetworkInterfaces",
        "ec2:DetachNetworkInterface",
      ],
      "*",
    ),
  ],
};
