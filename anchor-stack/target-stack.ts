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
import { allow, type Grant, passRole, role, trustRoles, trustService } from "#constructs/statements.ts";
import {
  applicationPrefix,
  cacheBucket,
  cacheKeyAlias,
  eventBus,
  folders,
  pipelinePrefix,
  roles,
  rules,
} from "#release/names/deployed-names.ts";
import { here, inAnyRegion, ownRole } from "./arns.ts";
import { applicationBoundary, applicationStacks, roleGrants } from "./boundary.ts";
import { capOfBuilds, runBuilds, seeClusters } from "./build-grants.ts";
import { containerServices } from "./container-services.ts";
import { stackChange } from "./events.ts";
import { callHandlers, runHandlers } from "./handler-grants.ts";
import { keepLedgers } from "./migration-grants.ts";
import { accountParameter, functionsParameter } from "./parameters.ts";
import { serverlessGrants } from "./serverless-services.ts";
import { publishSites } from "./site-grants.ts";
import { trafficGrants } from "./traffic-grants.ts";

const ofApplications = "Applications come and go; all of their stacks share the prefix kedge-app-.";

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
    "Functions not made by Kedge whose aliases its pipelines may move.",
  );
  const handlers = {
    projects: functionsParameter(
      stack,
      "HandlerProjects",
      "CodeBuild projects custom artifacts may be handed to.",
    ),
    functions: functionsParameter(
      stack,
      "HandlerFunctions",
      "Functions that take artifacts or run migrations.",
    ),
  };
  const readAssets = readAssetsIn(Aws.REGION, anchorAccount);
  const boundary = applicationBoundary(stack, [
    ...readAssetsIn("*", anchorAccount),
    ...capOfBuilds(cacheIn("*", anchorAccount), anchorAccount),
    runHandlers(handlers.projects),
  ]);
  const execution = role(stack, "ExecutionRole", {
    name: roles.cloudformation,
    description: "What CloudFormation creates applications as",
    trust: [trustService("cloudformation.amazonaws.com")],
    boundary: boundary.ref,
    policies: [containerServices(stack)],
    grants: [...serverlessGrants, ...readAssets, ...roleGrants],
  });
  const deploy = role(stack, "DeployRole", {
    name: roles.deploy,
    description: "What the anchor's pipelines deploy applications as",
    trust: [
      trustRoles(anchorAccount, [
        roles.pipeline,
        roles.prepare,
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
      runBuilds,
      seeClusters,
      ...publishSites,
      runHandlers(handlers.projects),
      callHandlers(handlers.functions),
      ...keepLedgers,
      ...trafficGrants(existing),
    ],
  });
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
    because: "Parts of artifacts in the anchor's cache are named by their SHA-256.",
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
    because: "The key is told by its alias: the id of another account's key is not known to this template.",
  });

export const deployGrants = (anchorAccount: string, readAssets: readonly Grant[]): readonly Grant[] => [
  allow(
    [
      "CreateChangeSet",
      "DescribeChangeSet",
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
    because: "A template that is only validated belongs to no stack: IAM offers no resource for it.",
  }),
  allow(["cloudformation:ListStacks"], ["*"], {
    because:
      "An application may be several stacks, found by their names: IAM offers no resource for listing.",
  }),
  passRole([ownRole(roles.cloudformation)], ["cloudformation.amazonaws.com"]),
  allow(["s3:GetObject", "s3:GetObjectVersion"], [`${cacheArn(anchorAccount)}/${pipelinePrefix}*`], {
    because: "CodePipeline makes a folder per pipeline and random names in it.",
  }),
  allow(["s3:GetBucketLocation", "s3:GetBucketVersioning"], [cacheArn(anchorAccount)]),
  ...readAssets,
  allow(["ssm:GetParameters"], [here("ssm", "parameter/*")], {
    because: "An artifact's parameter files name the parameters of the target account they want.",
  }),
  allow(["secretsmanager:DescribeSecret"], [here("secretsmanager", "secret:*")], {
    because: "Artifacts name the secrets they want; whether there is one is asked, its value never.",
  }),
];

function forwardStackEvents(stack: Stack, anchorAccount: string): void {
  const bus = `arn:aws:events:${Aws.REGION}:${anchorAccount}:event-bus/${eventBus}`;
  const forward = role(stack, "ForwardEventsRole", {
    name: roles.forwardEvents,
    description: "What EventBridge tells the anchor of this account's application stacks as",
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
    description: "Tells the anchor of each change of an application's stack",
    state: "ENABLED",
    eventPattern: stackChange([Aws.ACCOUNT_ID], here("cloudformation", `stack/${applicationPrefix}`)),
    targets: [{ id: "anchor", arn: bus, roleArn: forward.attrArn }],
  });
}
