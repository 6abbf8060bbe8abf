/**
 * Lists the resource types with behaviour. A new type is a file of its own and a line here. Every other
 * type is recorded.
 */
import { cloudFormationMacro } from "./cloudformation-macro.ts";
import { cloudFormationStack } from "./cloudformation-stack.ts";
import { cloudfrontDistribution } from "./cloudfront-distribution.ts";
import { cloudfrontOriginAccessControl } from "./cloudfront-origin-access-control.ts";
import { cloudWatchAlarm } from "./cloudwatch-alarm.ts";
import { codeBuildProject } from "./codebuild-project.ts";
import { codePipelinePipeline } from "./codepipeline-pipeline.ts";
import { customResource } from "./custom-resource.ts";
import { ecsCluster, ecsService } from "./ecs-service.ts";
import { ecsTaskDefinition } from "./ecs-task-definition.ts";
import { eksAccessEntry, eksCluster } from "./eks-cluster.ts";
import { elbListenerRule, elbTargetGroup } from "./elb-routing.ts";
import { eventsEventBus, eventsEventBusPolicy } from "./events-event-bus.ts";
import { eventsRule } from "./events-rule.ts";
import { iamManagedPolicy } from "./iam-managed-policy.ts";
import { iamInstanceProfile, iamOidcProvider, iamUser } from "./iam-others.ts";
import { iamPolicy, iamRolePolicy } from "./iam-policy.ts";
import { iamRole } from "./iam-role.ts";
import { iamServiceLinkedRole } from "./iam-service-linked-role.ts";
import { iamAccessKey, iamUserPolicy } from "./iam-user-parts.ts";
import { snsTopicInlinePolicy, sqsQueueInlinePolicy } from "./inline-policies.ts";
import { kmsAlias, kmsKey, kmsReplicaKey } from "./kms-key.ts";
import { lambdaEventSourceMapping } from "./lambda-event-source-mapping.ts";
import { lambdaFunction } from "./lambda-function.ts";
import { lambdaEventInvokeConfig, lambdaLayerVersion, lambdaUrl } from "./lambda-others.ts";
import { lambdaLayerVersionPermission, lambdaPermission } from "./lambda-permissions.ts";
import { lambdaAlias, lambdaVersion } from "./lambda-version.ts";
import { logsLogGroup } from "./logs-log-group.ts";
import { logsLogStream, logsResourcePolicy, logsSubscriptionFilter } from "./logs-others.ts";
import type { ResourceType } from "./resource-type.ts";
import { s3Bucket } from "./s3-bucket.ts";
import { s3BucketPolicy } from "./s3-bucket-policy.ts";
import { secretsManagerSecret } from "./secretsmanager-secret.ts";
import {
  serviceCatalogAcceptedShare,
  serviceCatalogLaunchRole,
  serviceCatalogPortfolio,
  serviceCatalogPortfolioShare,
  serviceCatalogPrincipalAssociation,
  serviceCatalogProductAssociation,
} from "./servicecatalog-portfolio.ts";
import { serviceCatalogProduct } from "./servicecatalog-product.ts";
import { serviceCatalogProvisionedProduct } from "./servicecatalog-provisioned-product.ts";
import { snsSubscription } from "./sns-subscription.ts";
import { snsTopic } from "./sns-topic.ts";
import { snsTopicPolicy } from "./sns-topic-policy.ts";
import { sqsQueue } from "./sqs-queue.ts";
import { sqsQueuePolicy } from "./sqs-queue-policy.ts";
import { ssmParameter } from "./ssm-parameter.ts";
import { waitCondition, waitConditionHandle } from "./wait-condition.ts";

export const resourceTypes: readonly ResourceType[] = [
  cloudFormationMacro,
  cloudFormationStack,
  cloudfrontDistribution,
  cloudfrontOriginAccessControl,
  cloudWatchAlarm,
  codeBuildProject,
  codePipelinePipeline,
  customResource,
  eksAccessEntry,
  eksCluster,
  ecsCluster,
  ecsService,
  ecsTaskDefinition,
  elbListenerRule,
  elbTargetGroup,
  eventsEventBus,
  eventsEventBusPolicy,
  eventsRule,
  iamAccessKey,
  iamInstanceProfile,
  iamManagedPolicy,
  iamOidcProvider,
  iamPolicy,
  iamRole,
  iamRolePolicy,
  iamServiceLinkedRole,
  iamUser,
  iamUserPolicy,
  kmsAlias,
  kmsKey,
  kmsReplicaKey,
  lambdaAlias,
  lambdaEventInvokeConfig,
  lambdaEventSourceMapping,
  lambdaFunction,
  lambdaLayerVersion,
  lambdaLayerVersionPermission,
  lambdaPermission,
  lambdaUrl,
  lambdaVersion,
  logsLogGroup,
  logsLogStream,
  logsResourcePolicy,
  logsSubscriptionFilter,
  s3Bucket,
  s3BucketPolicy,
  secretsManagerSecret,
  serviceCatalogAcceptedShare,
  serviceCatalogLaunchRole,
  serviceCatalogPortfolio,
  serviceCatalogPortfolioShare,
  serviceCatalogPrincipalAssociation,
  serviceCatalogProduct,
  serviceCatalogProductAssociation,
  serviceCatalogProvisionedProduct,
  snsSubscription,
  snsTopic,
  snsTopicInlinePolicy,
  snsTopicPolicy,
  sqsQueue,
  sqsQueueInlinePolicy,
  sqsQueuePolicy,
  ssmParameter,
  waitCondition,
  waitConditionHandle,
];
