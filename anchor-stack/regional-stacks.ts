/**
 * Defines the stacks of an anchor and its targets in each further region of the environments, as plain
 * templates, because a Service Catalog portfolio belongs to one region. Roles belong to the whole account, so
 * these stacks only attach policies for their region.
 */
import { CfnRule } from "aws-cdk-lib/aws-events";
import { CfnManagedPolicy } from "aws-cdk-lib/aws-iam";
import {
  type App,
  Aws,
  BootstraplessSynthesizer,
  CfnOutput,
  CfnParameter,
  type IStackSynthesizer,
  Stack,
} from "aws-cdk-lib/core";
import { acknowledgeWildcards, allow, type Grant, policyDocument } from "#constructs/statements.ts";
import {
  applicationPrefix,
  cacheBucket,
  eventBus,
  folders,
  pipelinePrefix,
  roles,
  rules,
  terraformImage,
} from "#release/names/deployed-names.ts";
import { encryptAndDecrypt, here, inCache, listCache, listCacheVersions, ownRole } from "./arns.ts";
import { runBuilds, runPlans, seeClusters } from "./build-grants.ts";
import { keyUse, regionalCache } from "./cache.ts";
import { containerGrants } from "./container-services.ts";
import { stackChange } from "./events.ts";
import { keepLedgers } from "./migration-grants.ts";
import { accountParameter, accountsParameter, imageParameter } from "./parameters.ts";
import { planGrantsOfARegion, planProjectOf } from "./planning.ts";
import { serverlessGrants } from "./serverless-services.ts";
import { deployGrants, readAssetsIn } from "./target-stack.ts";
import { trafficOfARegion } from "./traffic-grants.ts";

const byDigest = "The key of an asset is the asset's SHA-256.";
const ofAPipeline = "CodePipeline creates a folder for each pipeline, with random names in it.";

/** The stack of the anchor's account: a cache like that of the home region, and its roles' rights on it. */
export function anchorRegionStack(app: App): Stack {
  const stack = plainStack(app, "KedgeAnchorRegion", "Kedge anchor: the cache of another region");
  const primaryKeyArn = new CfnParameter(stack, "CacheKeyArn", {
    type: "String",
    description: "The key of the anchor's cache: the output CacheKeyArn of the anchor's stack",
    allowedPattern: "arn:aws:kms:[a-z0-9-]+:[0-9]{12}:key/mrk-[0-9a-f]+",
    constraintDescription: "The ARN of a multi-Region key.",
  }).valueAsString;
  const cache = regionalCache(
    stack,
    primaryKeyArn,
    accountsParameter(
      stack,
      "TargetAccounts",
      "The accounts to which this anchor deploys, each account once",
    ),
  );
  const writePipelineArtifacts = inCache(
    cache,
    ["GetObject", "GetObjectVersion", "PutObject", "PutObjectTagging"],
    pipelinePrefix,
    ofAPipeline,
  );
  give(stack, "Pipeline", roles.pipeline, [
    writePipelineArtifacts,
    listCache(cache),
    allow(["s3:GetBucketVersioning", "s3:GetBucketLocation", "s3:GetBucketAcl"], [cache.arn]),
    allow(keyUse, [cache.keyArn]),
  ]);
  give(stack, "Package", roles.package, [
    inCache(cache, ["GetObject", "GetObjectVersion", "PutObject"], folders.assets, byDigest),
    listCache(cache),
    encryptAndDecrypt(cache),
  ]);
  give(stack, "Prepare", roles.prepare, [
    inCache(cache, ["GetObject", "GetObjectVersion", "PutObject"], folders.assets, byDigest),
    listCache(cache),
    encryptAndDecrypt(cache),
  ]);
  give(stack, "Execute", roles.execute, [
    inCache(cache, ["GetObject", "GetObjectVersion", "PutObject"], folders.assets, byDigest),
    listCache(cache),
    encryptAndDecrypt(cache),
  ]);
  for (const name of [roles.reconcile, roles.sweep]) {
    give(stack, name === roles.sweep ? "Sweep" : "Reconcile", name, [
      inCache(cache, ["DeleteObjectVersion"], pipelinePrefix, ofAPipeline),
      listCacheVersions(cache),
    ]);
  }
  new CfnOutput(stack, "CacheBucket", {
    value: cache.name,
    description: "The bucket of assets and artifacts in this region",
  });
  return stack;
}

/**
 * The stack of a target's account: the same rights for its roles as in the home region, and a rule that
 * forwards the events of its stacks.
 */
export function targetRegionStack(app: App): Stack {
  const stack = plainStack(
    app,
    "KedgeTargetRegion",
    "Kedge target: lets one anchor deploy into another region",
  );
  const anchorAccount = accountParameter(stack, "AnchorAccount", "The anchor whose pipelines deploy here");
  const anchorRegion = new CfnParameter(stack, "AnchorRegion", {
    type: "String",
    description: "The region of the anchor",
    allowedPattern: "[a-z]{2}(-[a-z]+)+-[0-9]",
    constraintDescription: "A region such as us-east-1.",
  }).valueAsString;
  const readAssets = readAssetsIn(Aws.REGION, anchorAccount);
  const [first, second] = halves(ofARegion(serverlessGrants));
  give(stack, "Applications", roles.cloudformation, [...first, ...readAssets], "-1");
  give(stack, "MoreApplications", roles.cloudformation, second, "-2");
  give(stack, "Containers", roles.cloudformation, ofARegion(containerGrants), "-3");
  give(
    stack,
    "Deploy",
    roles.deploy,
    ofARegion([
      ...deployGrants(anchorAccount, readAssets),
      runBuilds,
      runPlans,
      seeClusters,
      ...keepLedgers,
      ...trafficOfARegion,
    ]),
  );
  const cacheArn = `arn:aws:s3:::${cacheBucket(anchorAccount, Aws.REGION)}`;
  give(stack, "Plan", roles.plan, planGrantsOfARegion(cacheArn, anchorAccount));
  planProjectOf(
    stack,
    ownRole(roles.plan),
    imageParameter(
      stack,
      "PlanImage",
      "The build image that plans Terraform configurations before an approval.",
      terraformImage,
    ),
  );
  new CfnRule(stack, "ForwardEvents", {
    name: rules.forward,
    description: "Sends each outcome of an operation on an application's stack in this region to the anchor",
    state: "ENABLED",
    eventPattern: stackChange([Aws.ACCOUNT_ID], here("cloudformation", `stack/${applicationPrefix}`)),
    targets: [
      {
        id: "anchor",
        arn: `arn:aws:events:${anchorRegion}:${anchorAccount}:event-bus/${eventBus}`,
        roleArn: ownRole(roles.forwardEvents),
      },
    ],
  });
  return stack;
}

const plainStack = (app: App, id: string, description: string): Stack =>
  new Stack(app, id, {
    description,
    // The library is not written for exactOptionalPropertyTypes.
    synthesizer: new BootstraplessSynthesizer() as IStackSynthesizer,
    analyticsReporting: false,
  });

/** A grant without a region applies here already, so it is left out. */
const ofARegion = (grants: readonly Grant[]): readonly Grant[] =>
  grants.filter(({ statement }) => statement.Resource?.some((arn) => arn.includes(Aws.REGION)));

/**
 * A managed policy can have 6,144 characters (IAM User Guide, "IAM and AWS STS quotas"), and half of the
 * services nearly fills it.
 */
const halves = (grants: readonly Grant[]): readonly [readonly Grant[], readonly Grant[]] => {
  const middle = Math.ceil(grants.length / 2);
  return [grants.slice(0, middle), grants.slice(middle)];
};

/** Attaches a separate policy to the role; its name contains role and region. */
function give(stack: Stack, id: string, roleName: string, grants: readonly Grant[], suffix = ""): void {
  const policy = new CfnManagedPolicy(stack, id, {
    managedPolicyName: `${roleName}-${Aws.REGION}${suffix}`,
    description: `What ${roleName} may do in this region`,
    roles: [roleName],
    policyDocument: policyDocument(grants.map(({ statement }) => statement)),
  });
  acknowledgeWildcards(policy, grants);
}
