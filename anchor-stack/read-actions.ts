/**
 * Lists the actions with which the planning role reads the resources of Terraform configurations, by service.
 * No action of the list reads a secret, the content of an object, a message or an item.
 */
type Actions = Readonly<Record<string, string>>;

/** On resources whose ARN has the account. */
const ofTheAccount: Actions = {
  cloudfront:
    "DescribeFunction GetCachePolicy GetDistribution GetFunction GetKeyGroup GetOriginAccessControl GetOriginRequestPolicy GetResponseHeadersPolicy ListTagsForResource",
  cloudwatch: "DescribeAlarms GetDashboard ListTagsForResource",
  dynamodb:
    "DescribeContinuousBackups DescribeContributorInsights DescribeKinesisStreamingDestination DescribeTable DescribeTimeToLive GetResourcePolicy ListTagsOfResource",
  ecs: "DescribeCapacityProviders DescribeClusters DescribeServices ListTagsForResource",
  events: "DescribeArchive DescribeEventBus DescribeRule ListTagsForResource ListTargetsByRule",
  iam: "GetPolicy GetPolicyVersion GetRole GetRolePolicy ListAttachedRolePolicies ListInstanceProfilesForRole ListPolicyVersions ListRolePolicies ListRoleTags",
  kinesis: "DescribeStreamSummary ListTagsForStream",
  kms: "DescribeKey GetKeyPolicy GetKeyRotationStatus ListResourceTags",
  lambda:
    "GetAlias GetEventSourceMapping GetFunction GetFunctionCodeSigningConfig GetFunctionConcurrency GetFunctionConfiguration GetFunctionEventInvokeConfig GetFunctionRecursionConfig GetFunctionUrlConfig GetPolicy GetProvisionedConcurrencyConfig GetRuntimeManagementConfig ListTags ListVersionsByFunction",
  logs: "DescribeMetricFilters DescribeSubscriptionFilters ListTagsForResource",
  pipes: "DescribePipe ListTagsForResource",
  scheduler: "GetSchedule GetScheduleGroup ListTagsForResource",
  secretsmanager: "DescribeSecret GetResourcePolicy",
  servicediscovery: "GetNamespace GetService ListTagsForResource",
  sns: "GetDataProtectionPolicy GetTopicAttributes ListSubscriptionsByTopic ListTagsForResource",
  sqs: "GetQueueAttributes GetQueueUrl ListQueueTags",
  ssm: "ListTagsForResource",
  states:
    "DescribeActivity DescribeStateMachine DescribeStateMachineAlias ListStateMachineVersions ListTagsForResource",
};

/** Actions that IAM checks without a resource. */
const withoutResource: Actions = {
  ec2: "DescribeAvailabilityZones DescribeNetworkInterfaces DescribeSecurityGroupRules DescribeSecurityGroups DescribeSubnets DescribeVpcs",
  ecr: "GetAuthorizationToken",
  ecs: "DescribeTaskDefinition",
  elasticloadbalancing:
    "DescribeListeners DescribeLoadBalancerAttributes DescribeLoadBalancers DescribeRules DescribeTags DescribeTargetGroupAttributes DescribeTargetGroups DescribeTargetHealth",
  logs: "DescribeLogGroups DescribeResourcePolicies",
  sts: "GetCallerIdentity",
};

const bucketActions: Actions = {
  s3: "GetAccelerateConfiguration GetBucketAcl GetBucketCORS GetBucketLocation GetBucketLogging GetBucketNotification GetBucketObjectLockConfiguration GetBucketOwnershipControls GetBucketPolicy GetBucketPublicAccessBlock GetBucketRequestPayment GetBucketTagging GetBucketVersioning GetBucketWebsite GetEncryptionConfiguration GetLifecycleConfiguration GetReplicationConfiguration ListBucket",
};

const named = (actions: Actions): readonly string[] =>
  Object.entries(actions).flatMap(([service, names]) => names.split(" ").map((name) => `${service}:${name}`));

export const readActions = {
  ofTheAccount: named(ofTheAccount),
  withoutResource: named(withoutResource),
  ofBuckets: named(bucketActions),
  ofImages: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
} as const;
