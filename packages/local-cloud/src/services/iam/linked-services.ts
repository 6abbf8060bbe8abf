/** Names the service-linked role of a service, and the managed policy that AWS attaches to it. */

type Linked = {
  /** The name after `AWSServiceRoleFor`. */
  readonly name: string;
  /** The policy below `aws-service-role/`. */
  readonly policy: string;
  readonly suffix?: true;
};

/** From the guides of the services, page "Using service-linked roles" of each. */
const linked: Readonly<Record<string, Linked>> = {
  "apidestinations.events": {
    name: "AmazonEventBridgeApiDestinations",
    policy: "AmazonEventBridgeApiDestinationsServiceRolePolicy",
  },
  autoscaling: { name: "AutoScaling", policy: "AutoScalingServiceRolePolicy", suffix: true },
  batch: { name: "Batch", policy: "BatchServiceRolePolicy" },
  cloudtrail: { name: "CloudTrail", policy: "CloudTrailServiceRolePolicy" },
  config: { name: "Config", policy: "AWSConfigServiceRolePolicy" },
  "dynamodb.application-autoscaling": {
    name: "ApplicationAutoScaling_DynamoDBTable",
    policy: "AWSApplicationAutoscalingDynamoDBTablePolicy",
  },
  ecs: { name: "ECS", policy: "AmazonECSServiceRolePolicy" },
  "ecs.application-autoscaling": {
    name: "ApplicationAutoScaling_ECSService",
    policy: "AWSApplicationAutoscalingECSServicePolicy",
  },
  eks: { name: "AmazonEKS", policy: "AmazonEKSServiceRolePolicy" },
  "eks-nodegroup": { name: "AmazonEKSNodegroup", policy: "AWSServiceRoleForAmazonEKSNodegroup" },
  elasticache: { name: "ElastiCache", policy: "ElastiCacheServiceRolePolicy" },
  elasticloadbalancing: {
    name: "ElasticLoadBalancing",
    policy: "AWSElasticLoadBalancingServiceRolePolicy",
  },
  events: { name: "CloudWatchEvents", policy: "CloudWatchEventsServiceRolePolicy" },
  guardduty: { name: "AmazonGuardDuty", policy: "AmazonGuardDutyServiceRolePolicy" },
  "logger.cloudfront": { name: "CloudFrontLogger", policy: "AWSCloudFrontLogger" },
  opensearchservice: { name: "AmazonOpenSearchService", policy: "AmazonOpenSearchServiceRolePolicy" },
  "ops.apigateway": { name: "APIGateway", policy: "APIGatewayServiceRolePolicy" },
  organizations: { name: "Organizations", policy: "AWSOrganizationsServiceTrustPolicy" },
  "orgsdatasync.servicecatalog": {
    name: "ServiceCatalogOrgsDataSync",
    policy: "AWSServiceCatalogOrgsDataSyncServiceRolePolicy",
  },
  rds: { name: "RDS", policy: "AmazonRDSServiceRolePolicy" },
  "replication.dynamodb": { name: "DynamoDBReplication", policy: "DynamoDBReplicationServiceRolePolicy" },
  "replicator.lambda": { name: "LambdaReplicator", policy: "AWSLambdaReplicator" },
  spot: { name: "EC2Spot", policy: "AWSEC2SpotServiceRolePolicy" },
  spotfleet: { name: "EC2SpotFleet", policy: "AWSEC2SpotFleetServiceRolePolicy" },
  ssm: { name: "AmazonSSM", policy: "AmazonSSMServiceRolePolicy" },
  sso: { name: "SSO", policy: "AWSSSOServiceRolePolicy" },
  "sync.servicecatalog": {
    name: "ServiceCatalogSync",
    policy: "AWSServiceCatalogSyncServiceRolePolicy",
  },
};

const labelOf = (service: string): string => service.replace(/\.amazonaws\.com$/, "");

/** A service that is not in the table gets its capitalised first label (docs/aws-assumptions.md, row 69). */
export function linkedRoleName(service: string, suffix: string | undefined): string {
  const label = labelOf(service).split(".")[0] ?? "";
  const base = linked[labelOf(service)]?.name ?? `${label.charAt(0).toUpperCase()}${label.slice(1)}`;
  return `AWSServiceRoleFor${base}${suffix === undefined ? "" : `_${suffix}`}`;
}

export const takesSuffix = (service: string): boolean => {
  const known = linked[labelOf(service)];
  return known === undefined || known.suffix === true;
};

/**
 * The ARNs of the attached policies. Only the service may assume the role, and the services here do not act as it, so
 * the cloud has no document of these policies.
 */
export const linkedPolicy = (service: string): readonly string[] => {
  const policy = linked[labelOf(service)]?.policy;
  return policy === undefined ? [] : [`arn:aws:iam::aws:policy/aws-service-role/${policy}`];
};
