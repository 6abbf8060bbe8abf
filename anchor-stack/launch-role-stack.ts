/**
 * Defines the two roles that an account needs before a product can be provisioned: kedge-launch, with which
 * Service Catalog creates the product's resources, and kedge-provisioner, which may order the product.
 */
import type { CfnRole } from "aws-cdk-lib/aws-iam";
import { type App, Aws, BootstraplessSynthesizer, type IStackSynthesizer, Stack } from "aws-cdk-lib/core";
import type { Construct } from "constructs";
import {
  allow,
  deny,
  type Grant,
  managedPolicy,
  passRole,
  role,
  type Statement,
  trustService,
} from "#constructs/statements.ts";
import {
  applicationPrefix,
  cacheBucket,
  cacheKeyAlias,
  eventBus,
  folders,
  functions,
  launchPolicy,
  lineQueues,
  planProject,
  queues,
  reconcilePolicy,
  registryBucket,
  roles,
  rules,
  smokeProject,
  stoppedAlarm,
  topic,
} from "#release/names/deployed-names.ts";
import { here, ownRole } from "./arns.ts";
import { accountParameter, principalsParameter } from "./parameters.ts";

type LaunchRolesProps = {
  readonly centralAccount: string;
  /** The ARNs of principals that may assume kedge-provisioner. */
  readonly provisioners: readonly string[];
};

/** The roles of a product. The launch role can create only these. */
const productRoles = Object.values(roles).filter(
  (name) =>
    ![roles.launch, roles.provisioner, roles.route, roles.templatePublisher].some((each) => each === name),
);

/** The functions of a product. */
const productFunctions = Object.values(functions).filter((name) => name !== functions.route);

/** The template of every account except the central one; it needs no other resources there. */
export function launchRoleStack(app: App, defaultCentralAccount?: string): Stack {
  const stack = new Stack(app, "KedgeLaunchRoles", {
    description: "Kedge launch roles: lets Service Catalog provision an anchor or a target into this account",
    // The library is not written for exactOptionalPropertyTypes.
    synthesizer: new BootstraplessSynthesizer() as IStackSynthesizer,
    analyticsReporting: false,
  });
  const centralAccount = accountParameter(
    stack,
    "CentralAccount",
    "The account of Kedge's control plane",
    defaultCentralAccount,
  );
  const provisioners = principalsParameter(
    stack,
    "ProvisionerTrustedPrincipals",
    "The principals that may assume kedge-provisioner.",
  );
  launchRoles(stack, { centralAccount, provisioners });
  return stack;
}

/** Answers the launch role, because launch constraints depend on it. */
export function launchRoles(scope: Construct, { centralAccount, provisioners }: LaunchRolesProps): CfnRole {
  role(scope, "ProvisionerRole", {
    name: roles.provisioner,
    description:
      "Provisioners assume this role to launch, update and terminate Kedge's products in this account",
    trust: [trustPrincipals(provisioners)],
    grants: provisionerGrants(centralAccount),
  });
  return role(scope, "LaunchRole", {
    name: roles.launch,
    description: "Service Catalog assumes this role to create, update and remove Kedge's products",
    trust: [
      trustService("servicecatalog.amazonaws.com", {
        StringEquals: { "aws:SourceAccount": Aws.ACCOUNT_ID },
        ArnLike: { "aws:SourceArn": `arn:aws:servicecatalog:${Aws.REGION}:${Aws.ACCOUNT_ID}:*` },
      }),
    ],
    policies: [
      managedPolicy(scope, "LaunchResources", {
        name: launchPolicy,
        description: "What Service Catalog may create for products, beside what its role says itself",
        grants: resourceGrants(),
      }),
    ],
    grants: launchGrants(centralAccount),
  });
}

const trustPrincipals = (principals: readonly string[]): Statement => ({
  Effect: "Allow",
  Principal: { AWS: principals },
  Action: ["sts:AssumeRole"],
});

const call = (service: string, actions: string, resources: readonly string[], because?: string): Grant =>
  allow(
    actions.split(/\s+/).map((action) => `${service}:${action}`),
    resources,
    because === undefined ? {} : { because },
  );

const noResource = "IAM offers no resource for these actions.";

function launchGrants(centralAccount: string): readonly Grant[] {
  return [
    call(
      "cloudformation",
      `CreateStack UpdateStack DeleteStack DescribeStacks DescribeStackEvents DescribeStackResources
      ListStackResources GetTemplate GetStackPolicy SetStackPolicy CreateChangeSet DescribeChangeSet ExecuteChangeSet
      DeleteChangeSet TagResource UntagResource`,
      [here("cloudformation", "stack/SC-*/*")],
      "Service Catalog names the stacks of provisioned products SC-<account>-pp-<random>.",
    ),
    call(
      "cloudformation",
      "ValidateTemplate GetTemplateSummary",
      ["*"],
      "A template without a stack has no ARN.",
    ),
    allow(["s3:GetObject"], ["arn:aws:s3:::*/*"], {
      when: { StringEquals: { "s3:ExistingObjectTag/servicecatalog:provisioning": "true" } },
      because:
        "Service Catalog keeps templates in its own buckets. Their names are unknown, so this tag identifies the templates.",
    }),
    call(
      "s3",
      "GetObject",
      [`arn:aws:s3:::${registryBucket(centralAccount, Aws.REGION)}/${folders.lambdas}*`],
      "The key of a Lambda's code is the code's SHA-256.",
    ),
    call(
      "iam",
      `CreateRole DeleteRole GetRole UpdateRole UpdateRoleDescription UpdateAssumeRolePolicy PutRolePolicy
      DeleteRolePolicy GetRolePolicy ListRolePolicies ListAttachedRolePolicies TagRole UntagRole AttachRolePolicy DetachRolePolicy
      PutRolePermissionsBoundary DeleteRolePermissionsBoundary`,
      productRoles.map(ownRole),
    ),
    call(
      "iam",
      "CreatePolicy DeletePolicy GetPolicy CreatePolicyVersion DeletePolicyVersion GetPolicyVersion ListPolicyVersions TagPolicy UntagPolicy",
      [`${applicationPrefix}*`, reconcilePolicy].map(
        (name) => `arn:aws:iam::${Aws.ACCOUNT_ID}:policy/${name}`,
      ),
      "The boundary, and the policies that hold the remaining rights of two roles. Applications create no policies.",
    ),
    // A Lambda has the name of its role.
    passRole(productFunctions.map(ownRole), ["lambda.amazonaws.com"]),
    passRole([ownRole(roles.smokeTest), ownRole(roles.plan)], ["codebuild.amazonaws.com"]),
    passRole([ownRole(roles.forwardEvents)], ["events.amazonaws.com"]),
    // No template can change the two roles that let templates in.
    deny(
      ["iam:PassRole", "iam:PutRolePolicy", "iam:AttachRolePolicy"],
      [ownRole(roles.launch), ownRole(roles.provisioner)],
    ),
    call(
      "lambda",
      `CreateFunction DeleteFunction GetFunction GetFunctionConfiguration UpdateFunctionCode
      UpdateFunctionConfiguration GetFunctionCodeSigningConfig GetRuntimeManagementConfig
      GetFunctionRecursionConfig GetProvisionedConcurrencyConfig AddPermission RemovePermission GetPolicy
      PutFunctionEventInvokeConfig UpdateFunctionEventInvokeConfig DeleteFunctionEventInvokeConfig
      GetFunctionEventInvokeConfig TagResource UntagResource ListTags`,
      productFunctions.map((name) => here("lambda", `function:${name}*`)),
      "The name of a function's version begins with the name of the function.",
    ),
    call(
      "lambda",
      "GetEventSourceMapping UpdateEventSourceMapping DeleteEventSourceMapping TagResource UntagResource ListTags",
      [here("lambda", "event-source-mapping:*")],
      "Lambda names event source mappings by a random id.",
    ),
    call("lambda", "CreateEventSourceMapping ListEventSourceMappings", ["*"], noResource),
    call(
      "sns",
      `CreateTopic DeleteTopic GetTopicAttributes SetTopicAttributes ListSubscriptionsByTopic TagResource UntagResource
      ListTagsForResource`,
      [here("sns", topic)],
    ),
    call("codebuild", "CreateProject UpdateProject DeleteProject BatchGetProjects", [
      here("codebuild", `project/${smokeProject}`),
      here("codebuild", `project/${planProject}`),
    ]),
  ];
}

/** Queues, buckets, keys, rules, alarms and logs of products. */
function resourceGrants(): readonly Grant[] {
  return [
    call(
      "logs",
      `CreateLogGroup DeleteLogGroup PutRetentionPolicy DeleteRetentionPolicy TagResource UntagResource
      ListTagsForResource`,
      // One ARN for each function would not fit.
      ["lambda", "codebuild"].map((service) => here("logs", `log-group:/aws/${service}/kedge-*`)),
      "The log groups of the product's functions and projects, which all are named kedge-.",
    ),
    call("logs", "DescribeLogGroups", ["*"], noResource),
    call(
      "sqs",
      `CreateQueue DeleteQueue GetQueueAttributes SetQueueAttributes GetQueueUrl TagQueue UntagQueue ListQueueTags
      AddPermission RemovePermission`,
      [...Object.values(lineQueues), queues.linesDeadLetters, queues.observeDeadLetters].map((name) =>
        here("sqs", name),
      ),
    ),
    call(
      "s3",
      `CreateBucket DeleteBucket ListBucket GetBucketLocation GetBucketVersioning PutBucketVersioning GetBucketPolicy
      PutBucketPolicy DeleteBucketPolicy GetEncryptionConfiguration PutEncryptionConfiguration
      GetBucketPublicAccessBlock PutBucketPublicAccessBlock GetBucketOwnershipControls PutBucketOwnershipControls
      GetLifecycleConfiguration PutLifecycleConfiguration GetBucketTagging PutBucketTagging`,
      [`arn:aws:s3:::${cacheBucket(Aws.ACCOUNT_ID, Aws.REGION)}`],
    ),
    call("kms", "CreateKey ListAliases", ["*"], noResource),
    call(
      "kms",
      `DescribeKey GetKeyPolicy PutKeyPolicy GetKeyRotationStatus EnableKeyRotation DisableKeyRotation
      UpdateKeyDescription ScheduleKeyDeletion ListResourceTags TagResource UntagResource CreateAlias DeleteAlias
      UpdateAlias`,
      [here("kms", "key/*"), here("kms", cacheKeyAlias)],
      "KMS names the cache's key by a random id; its key policy decides who else may use it.",
    ),
    call(
      "events",
      `PutRule DeleteRule DescribeRule EnableRule DisableRule PutTargets RemoveTargets ListTargetsByRule TagResource
      UntagResource ListTagsForResource`,
      Object.values(rules).flatMap((name) => [
        here("events", `rule/${name}`),
        here("events", `rule/${eventBus}/${name}`),
      ]),
    ),
    call(
      "events",
      "CreateEventBus UpdateEventBus DeleteEventBus DescribeEventBus TagResource UntagResource ListTagsForResource",
      [here("events", `event-bus/${eventBus}`)],
    ),
    call("events", "PutPermission RemovePermission", ["*"], noResource),
    call(
      "cloudwatch",
      "PutMetricAlarm DeleteAlarms DescribeAlarms TagResource UntagResource ListTagsForResource",
      [
        ...[queues.linesDeadLetters, queues.observeDeadLetters].map((name) => `${name}-not-empty`),
        stoppedAlarm,
      ].map((name) => here("cloudwatch", `alarm:${name}`)),
    ),
  ];
}

function provisionerGrants(centralAccount: string): readonly Grant[] {
  const catalog = (kind: string): string => `arn:aws:catalog:${Aws.REGION}:${centralAccount}:${kind}/*`;
  return [
    call(
      "servicecatalog",
      "DescribeProduct ListLaunchPaths DescribeProvisioningParameters ProvisionProduct",
      [catalog("product")],
      "The central account's products; this role is associated with Kedge's portfolio and with no other.",
    ),
    call(
      "servicecatalog",
      `SearchProducts DescribeProductView SearchProvisionedProducts ScanProvisionedProducts DescribeProvisionedProduct
      GetProvisionedProductOutputs UpdateProvisionedProduct TerminateProvisionedProduct DescribeRecord
      ListRecordHistory`,
      ["*"],
      noResource,
    ),
    call(
      "cloudformation",
      "DescribeStacks DescribeStackEvents DescribeStackResources",
      [here("cloudformation", "stack/SC-*/*")],
      "Service Catalog names the stacks of provisioned products SC-<account>-pp-<random>.",
    ),
  ];
}
