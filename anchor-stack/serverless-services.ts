/**
 * Lists CloudFormation's rights for serverless applications in a target account: per service the calls of its
 * resource types, on resources of this account and region. A missing service is added as one entry.
 */
import { Aws } from "aws-cdk-lib/core";
import { allow, type Grant } from "#constructs/statements.ts";

type Entry = {
  readonly service: string;
  /** Actions without a service prefix, separated by blanks. */
  readonly actions: string;
  /** ARNs; absent where IAM checks the actions without a resource. */
  readonly resources?: readonly string[];
};

const own = (service: string, ...resources: readonly string[]): readonly string[] =>
  resources.map((resource) => `arn:aws:${service}:${Aws.REGION}:${Aws.ACCOUNT_ID}:${resource}`);
const api = (...paths: readonly string[]): readonly string[] =>
  paths.flatMap((path) => [
    `arn:aws:apigateway:${Aws.REGION}::${path}`,
    `arn:aws:apigateway:${Aws.REGION}::${path}/*`,
  ]);

/** Parameters that AWS publishes, for example the ids of images. Their ARNs have no account. */
export const publicParameters = `arn:aws:ssm:${Aws.REGION}::parameter/aws/service/*`;

const entries: readonly Entry[] = [
  {
    service: "lambda",
    resources: own("lambda", "function:*"),
    actions: `CreateFunction DeleteFunction GetFunction GetFunctionConfiguration UpdateFunctionCode
      UpdateFunctionConfiguration GetFunctionCodeSigningConfig GetRuntimeManagementConfig PutRuntimeManagementConfig
      GetFunctionRecursionConfig PutFunctionRecursionConfig ListVersionsByFunction PublishVersion CreateAlias
      UpdateAlias DeleteAlias GetAlias AddPermission RemovePermission GetPolicy PutFunctionConcurrency
      DeleteFunctionConcurrency GetProvisionedConcurrencyConfig PutProvisionedConcurrencyConfig
      DeleteProvisionedConcurrencyConfig PutFunctionEventInvokeConfig UpdateFunctionEventInvokeConfig
      DeleteFunctionEventInvokeConfig GetFunctionEventInvokeConfig CreateFunctionUrlConfig UpdateFunctionUrlConfig
      DeleteFunctionUrlConfig GetFunctionUrlConfig InvokeFunction TagResource UntagResource ListTags`,
  },
  {
    service: "lambda",
    resources: own("lambda", "layer:*"),
    actions: `PublishLayerVersion DeleteLayerVersion AddLayerVersionPermission RemoveLayerVersionPermission
      GetLayerVersionPolicy`,
  },
  {
    service: "lambda",
    // Public layers, for example Powertools, belong to other accounts.
    resources: [`arn:aws:lambda:${Aws.REGION}:*:layer:*`],
    actions: "GetLayerVersion",
  },
  {
    service: "lambda",
    resources: own("lambda", "event-source-mapping:*"),
    actions:
      "GetEventSourceMapping UpdateEventSourceMapping DeleteEventSourceMapping TagResource UntagResource ListTags",
  },
  { service: "lambda", actions: "CreateEventSourceMapping ListEventSourceMappings" },
  {
    service: "apigateway",
    resources: api("/restapis", "/apis", "/usageplans", "/apikeys", "/domainnames", "/tags"),
    // CloudFormation gives each stage of an HTTP API its own tags; AWS denies that call by the name TagResource.
    actions: "GET POST PUT PATCH DELETE TagResource UntagResource",
  },
  {
    service: "dynamodb",
    resources: own("dynamodb", "table/*"),
    actions: `CreateTable UpdateTable DeleteTable DescribeTable DescribeTimeToLive UpdateTimeToLive
      DescribeContinuousBackups UpdateContinuousBackups DescribeContributorInsights UpdateContributorInsights
      DescribeKinesisStreamingDestination GetResourcePolicy PutResourcePolicy DeleteResourcePolicy TagResource
      UntagResource ListTagsOfResource`,
  },
  {
    service: "s3",
    resources: ["arn:aws:s3:::*"],
    actions: `CreateBucket DeleteBucket ListBucket GetBucketLocation GetBucketVersioning PutBucketVersioning
      GetBucketPolicy PutBucketPolicy DeleteBucketPolicy GetEncryptionConfiguration PutEncryptionConfiguration
      GetBucketPublicAccessBlock PutBucketPublicAccessBlock GetBucketOwnershipControls PutBucketOwnershipControls
      GetLifecycleConfiguration PutLifecycleConfiguration GetBucketNotification PutBucketNotification GetBucketCORS
      PutBucketCORS GetBucketTagging PutBucketTagging GetBucketLogging PutBucketLogging GetBucketWebsite
      PutBucketWebsite DeleteBucketWebsite`,
  },
  {
    service: "sqs",
    resources: own("sqs", "*"),
    actions:
      "CreateQueue DeleteQueue GetQueueAttributes SetQueueAttributes GetQueueUrl TagQueue UntagQueue ListQueueTags",
  },
  {
    service: "sns",
    resources: own("sns", "*"),
    actions: `CreateTopic DeleteTopic GetTopicAttributes SetTopicAttributes Subscribe Unsubscribe
      GetSubscriptionAttributes SetSubscriptionAttributes ListSubscriptionsByTopic GetDataProtectionPolicy
      PutDataProtectionPolicy TagResource UntagResource ListTagsForResource`,
  },
  {
    service: "events",
    resources: own("events", "rule/*", "event-bus/*"),
    actions: `PutRule DeleteRule DescribeRule EnableRule DisableRule PutTargets RemoveTargets ListTargetsByRule
      CreateEventBus UpdateEventBus DeleteEventBus DescribeEventBus TagResource UntagResource ListTagsForResource`,
  },
  {
    service: "scheduler",
    resources: own("scheduler", "schedule/*", "schedule-group/*"),
    actions: `CreateSchedule UpdateSchedule DeleteSchedule GetSchedule CreateScheduleGroup DeleteScheduleGroup
      GetScheduleGroup TagResource UntagResource ListTagsForResource`,
  },
  {
    service: "states",
    resources: own("states", "stateMachine:*"),
    actions: `CreateStateMachine UpdateStateMachine DeleteStateMachine DescribeStateMachine
      PublishStateMachineVersion DeleteStateMachineVersion ListStateMachineVersions CreateStateMachineAlias
      UpdateStateMachineAlias DeleteStateMachineAlias DescribeStateMachineAlias TagResource UntagResource
      ListTagsForResource`,
  },
  {
    service: "logs",
    resources: own("logs", "log-group:*"),
    actions: `CreateLogGroup DeleteLogGroup PutRetentionPolicy DeleteRetentionPolicy PutMetricFilter
      DeleteMetricFilter DescribeMetricFilters PutSubscriptionFilter DeleteSubscriptionFilter
      DescribeSubscriptionFilters TagResource UntagResource ListTagsForResource`,
  },
  {
    service: "logs", // state machines and APIs that write access logs
    actions: `DescribeLogGroups CreateLogDelivery GetLogDelivery UpdateLogDelivery DeleteLogDelivery
      ListLogDeliveries DescribeResourcePolicies`,
  },
  {
    service: "cloudwatch",
    resources: [...own("cloudwatch", "alarm:*"), `arn:aws:cloudwatch::${Aws.ACCOUNT_ID}:dashboard/*`],
    actions: `PutMetricAlarm DeleteAlarms DescribeAlarms PutDashboard GetDashboard DeleteDashboards TagResource
      UntagResource ListTagsForResource`,
  },
  {
    service: "ssm",
    resources: own("ssm", "parameter/*"),
    actions: `PutParameter DeleteParameter GetParameter GetParameters AddTagsToResource RemoveTagsFromResource
      ListTagsForResource`,
  },
  { service: "ssm", resources: [publicParameters], actions: "GetParameters" },
  {
    service: "secretsmanager",
    resources: own("secretsmanager", "secret:*"),
    actions: `CreateSecret UpdateSecret DeleteSecret DescribeSecret GetSecretValue PutSecretValue GetResourcePolicy
      PutResourcePolicy DeleteResourcePolicy TagResource UntagResource`,
  },
  { service: "secretsmanager", actions: "GetRandomPassword" },
];

export const serverlessGrants: readonly Grant[] = entries.map(({ service, actions, resources }) =>
  allow(
    actions.split(/\s+/).map((action) => `${service}:${action}`),
    resources ?? ["*"],
    {
      because: resources
        ? `Applications choose the names of their ${service} resources. The ARN limits account and region.`
        : `IAM offers no resource for these ${service} actions.`,
    },
  ),
);
