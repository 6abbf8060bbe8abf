/**
 * Defines the stack of a target account, as a Service Catalog product: the role with which the anchor's
 * pipelines deploy, CloudFormation's execution role, and a rule that forwards the events of its stacks to the
 * anchor.
 */
import { CfnRule } from "aws-cdk-lib/aws-events";
import {
  type App,
  Aws,
  BootstraplessSynthesizer,
  CfnOutput,
  type IStackSynthesizer,
  Stack,
} from "aws-cdk-lib/core";
import { allow, deny, type Grant, passRole, role, trustRoles, trustService } from "#constructs/statements.ts";
import {
  applicationPrefix,
  cacheBucket,
  cacheKeyAlias,
  eventBus,
  folders,
  pipelinePrefix,
  roles,
  rules,
  terraformImage,
} from "#release/names/deployed-names.ts";
import { here, inAnyRegion, ownRole } from "./arns.ts";
import { applicationBoundary, applicationStacks, roleGrants } from "./boundary.ts";
import { capOfBuilds, runBuilds, runPlans, seeClusters } from "./build-grants.ts";
import { containerServices } from "./container-services.ts";
import { stackChange } from "./events.ts";
import { callHandlers, runHandlers, startHandlers } from "./handler-grants.ts";
import { keepLedgers } from "./migration-grants.ts";
import { accountParameter, functionsParameter, handlersParameter, imageParameter } from "./parameters.ts";
import { planGrants, planGrantsOfARegion, planProjectOf, trustPlans } from "./planning.ts";
import { inlineServerlessGrants, serverlessServices } from "./serverless-policy.ts";
import { publicParameters } from "./serverless-services.ts";
import { publishSites } from "./site-grants.ts";
import { trafficGrants } from "./traffic-grants.ts";

const ofApplications =
  "Uploads create applications, so their names are not known in advance; their stacks share the prefix kedge-app-.";

export function targetStack(app: App): Stack {
  const stack = new Stack(app, "KedgeTarget", {
    description: "Kedge target: lets one anchor deploy applications into this account",
    // The library is not written for exactOptionalPropertyTypes.
    synthesizer: new BootstraplessSynthesizer() as IStackSynthesizer,
    analyticsReporting: false,
  });
  const anchorAccount = accountParameter(stack, "AnchorAccount", "The anchor whose pipelines deploy here");
  const existing = functionsParameter(
    stack,
    "ExistingFunctions",
    "Functions that Kedge did not create and whose aliases its pipelines may move.",
  );
  const handlers = {
    projects: handlersParameter(
      stack,
      "HandlerProjects",
      "CodeBuild projects that may receive custom artifacts.",
    ),
    functions: handlersParameter(
      stack,
      "HandlerFunctions",
      "Functions that may receive custom artifacts or run migrations.",
    ),
  };
  const planImage = imageParameter(
    stack,
    "PlanImage",
    "The build image that plans Terraform configurations before an approval.",
    terraformImage,
  );
  const readAssets = readAssetsIn(Aws.REGION, anchorAccount);
  const boundary = applicationBoundary(stack, [
    ...capOfBuilds(cacheIn("*", anchorAccount), anchorAccount),
    startHandlers,
  ]);
  const execution = role(stack, "ExecutionRole", {
    name: roles.cloudformation,
    description: "CloudFormation assumes this role to create and change applications",
    trust: [trustService("cloudformation.amazonaws.com")],
    boundary: boundary.ref,
    policies: [containerServices(stack), serverlessServices(stack)],
    grants: [...inlineServerlessGrants, ...readAssets, ...roleGrants],
  });
  const deploy = role(stack, "DeployRole", {
    name: roles.deploy,
    description: "The anchor's pipelines assume this role to deploy applications",
    trust: [
      trustRoles(anchorAccount, [
        roles.pipeline,
        roles.prepare,
        roles.execute,
        roles.smoke,
        roles.reconcile,
        roles.sweep,
        roles.verify,
        roles.call,
        roles.site,
      ]),
    ],
    grants: [
      ...deployGrants(anchorAccount, readAssets),
      secureParametersStayClosed,
      runBuilds,
      runPlans,
      seeClusters,
      ...publishSites,
      runHandlers(handlers.projects),
      callHandlers(handlers.functions),
      ...keepLedgers,
      ...trafficGrants(existing),
    ],
  });
  const plan = role(stack, "PlanRole", {
    name: roles.plan,
    description: "Makes the plans before an approval; it reads and changes nothing",
    trust: trustPlans,
    grants: [
      ...planGrants,
      ...planGrantsOfARegion(cacheArn(anchorAccount), anchorAccount),
      secureParametersStayClosed,
    ],
  });
  planProjectOf(stack, plan.attrArn, planImage);
  forwardStackEvents(stack, anchorAccount);
  new CfnOutput(stack, "DeployRoleArn", { value: deploy.attrArn, description: "Assumed by the anchor" });
  new CfnOutput(stack, "ExecutionRoleArn", {
    value: execution.attrArn,
    description: "CloudFormation works as this role",
  });
  return stack;
}

const cacheIn = (region: string, anchorAccount: string): string =>
  `arn:aws:s3:::${cacheBucket(anchorAccount, region)}`;
const cacheArn = (anchorAccount: string): string => cacheIn(Aws.REGION, anchorAccount);

export const readAssetsIn = (region: string, anchorAccount: string): readonly Grant[] => [
  allow(["s3:GetObject", "s3:GetObjectVersion"], [`${cacheIn(region, anchorAccount)}/${folders.assets}*`], {
    because: "The key of an asset in the anchor's cache is the asset's SHA-256.",
  }),
  decryptCache(region, anchorAccount),
];

/**
 * The template does not know the key's id, but its alias; only the anchor can give this alias to one of its
 * keys.
 */
const decryptCache = (region: string, anchorAccount: string): Grant =>
  allow(["kms:Decrypt", "kms:DescribeKey"], [`arn:aws:kms:${region}:${anchorAccount}:key/*`], {
    when: { "ForAnyValue:StringEquals": { "kms:ResourceAliases": cacheKeyAlias } },
    because:
      "This template does not know the id of the key, which is in another account. The alias identifies the key.",
  });

/**
 * The policy of the key `aws/ssm` lets each principal of the account decrypt through Systems Manager, and no condition
 * of IAM keeps a reader of parameters from asking for the decrypted value.
 */
const secureParametersStayClosed: Grant = deny(["kms:Decrypt"], ["*"], {
  StringLike: { "kms:ViaService": ["ssm.*", "secretsmanager.*"] },
});

export const deployGrants = (anchorAccount: string, readAssets: readonly Grant[]): readonly Grant[] => [
  allow(
    [
      "CreateChangeSet",
      "DescribeChangeSet",
      "GetTemplate", // the template of a change set, compared with the release's, and that of the stack
      "ExecuteChangeSet",
      "UpdateStack", // a later step of a canary, and its rollback
      "DeleteChangeSet",
      "DescribeStacks",
      "DescribeStackEvents",
      "GetTemplateSummary",
      "DeleteStack",
      "TagResource",
    ].map((action) => `cloudformation:${action}`),
    applicationStacks,
    { because: ofApplications },
  ),
  allow(["cloudformation:ValidateTemplate"], ["*"], {
    because: "ValidateTemplate concerns no stack: IAM offers no resource for it.",
  }),
  allow(["cloudformation:ListStacks"], ["*"], {
    because:
      "An application may have several stacks, which their names identify: IAM offers no resource for ListStacks.",
  }),
  passRole([ownRole(roles.cloudformation)], ["cloudformation.amazonaws.com"]),
  allow(["s3:GetObject", "s3:GetObjectVersion"], [`${cacheArn(anchorAccount)}/${pipelinePrefix}*`], {
    because: "CodePipeline creates a folder for each pipeline, with random names in it.",
  }),
  allow(["s3:GetBucketLocation", "s3:GetBucketVersioning"], [cacheArn(anchorAccount)]),
  ...readAssets,
  allow(["ssm:GetParameters"], [here("ssm", "parameter/*"), publicParameters], {
    because:
      "An artifact's parameter files name parameters of the target account, and templates name public parameters of AWS.",
  }),
  allow(["secretsmanager:DescribeSecret"], [here("secretsmanager", "secret:*")], {
    because:
      "An artifact names secrets of the target account. The role learns that a secret exists, and cannot read its value.",
  }),
];

function forwardStackEvents(stack: Stack, anchorAccount: string): void {
  const bus = `arn:aws:events:${Aws.REGION}:${anchorAccount}:event-bus/${eventBus}`;
  const forward = role(stack, "ForwardEventsRole", {
    name: roles.forwardEvents,
    description: "EventBridge assumes this role to send the stack events of applications to the anchor",
    trust: [
      trustService("events.amazonaws.com", {
        StringEquals: { "aws:SourceAccount": Aws.ACCOUNT_ID },
        ArnLike: { "aws:SourceArn": inAnyRegion("events", `rule/${rules.forward}`) },
      }),
    ],
    grants: [allow(["events:PutEvents"], [bus])],
  });
  new CfnRule(stack, "ForwardEvents", {
    name: rules.forward,
    description: "Sends each outcome of an operation on an application's stack to the anchor",
    state: "ENABLED",
    eventPattern: stackChange([Aws.ACCOUNT_ID], here("cloudformation", `stack/${applicationPrefix}`)),
    targets: [{ id: "anchor", arn: bus, roleArn: forward.attrArn }],
  });
}
