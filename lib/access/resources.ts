/**
 * Lists the resources to try calls at: every resource of the templates, samples of resources that lines and
 * applications create, and foreign resources in every account.
 */
import {
  accessLogBucket,
  applicationPrefix,
  artifactBucket,
  boundary,
  cacheBucket,
  cacheKeyAlias,
  cliKeys,
  folders,
  handlerPrefix,
  ledgers,
  pipelinePrefix,
  registryBucket,
} from "#release/names/deployed-names.ts";
import { type AccountRole, foreignAccount } from "./account-role.ts";
import { assumableRoles } from "./assumable-roles.ts";
import type { DeployedEstate } from "./deployed-estate.ts";
import type { Deployed } from "./deployment.ts";
import { foreignResources } from "./foreign-resources.ts";
import { keyOfParameters } from "./key-of-parameters.ts";
import { inRegistry } from "./registry-resources.ts";
import {
  aHandlersFunction,
  aHandlersProject,
  functionTypes,
  type ProbedResource,
  type Sample,
  sampled,
} from "./resource.ts";
import { resourceArn } from "./resource-arns.ts";

/** The name of the sample line, and names of the kinds that names.ts gives its pipeline and its stack. */
const line = "app-main-aaaaaaaaaaaa";
const pipeline = `${pipelinePrefix}aaaaaaaaaaaa--app-main`;
export const application = `${applicationPrefix}aaaaaaaaa-dev`;
/** The project and the role of the sample line's smoke tests. */
export const smokeRole = `${applicationPrefix}aaaaaaaaa-smoke`;

export function resourcesOf(
  estate: DeployedEstate,
  accountRoles: readonly AccountRole[],
): readonly ProbedResource[] {
  const central = accountRoles.find(({ purpose }) => purpose === "central");
  const byAccount = new Map(accountRoles.map((accountRole) => [accountRole.account, accountRole]));
  const made = estate.resources.flatMap((each) => templateResources(each, byAccount.get(each.account)));
  const samples = accountRoles.flatMap((accountRole) => [
    ...inItsRegion(accountRole),
    ...accountRole.furtherRegions.flatMap((region) => inFurther({ ...accountRole, region })),
    ...(central ? inCentral(accountRole, central) : []),
  ]);
  return [...made, ...samples];
}

const inItsRegion = (accountRole: AccountRole): readonly ProbedResource[] => [
  ...foreignResources(accountRole),
  ...everywhere(accountRole),
  ...(accountRole.purpose === "anchor" ? ofAnchor(accountRole) : []),
  ...(accountRole.purpose === "target" ? [...ofTarget(accountRole), keyOfParameters(accountRole)] : []),
];

/** The resources whose ARN contains the region. All other resources exist once per account. */
const inFurther = (accountRole: AccountRole): readonly ProbedResource[] =>
  inItsRegion(accountRole)
    .filter(({ arn }) => arn.includes(accountRole.region))
    .map((resource) => ({ ...resource, further: true }));

/** Resource types that IAM statements name or that have policies. */
const typesOf: Readonly<Record<string, readonly [service: string, ...types: string[]]>> = {
  "AWS::S3::Bucket": ["s3", "bucket"],
  "AWS::SQS::Queue": ["sqs", "queue"],
  "AWS::IAM::Role": ["iam", "role"],
  "AWS::IAM::ManagedPolicy": ["iam", "policy"],
  "AWS::Lambda::Function": ["lambda", "function", "function alias", "function version"],
  "AWS::KMS::Key": ["kms", "key"],
  "AWS::KMS::ReplicaKey": ["kms", "key"],
  "AWS::Events::EventBus": ["events", "event-bus"],
  "AWS::Events::Rule": ["events", "rule-on-default-event-bus", "rule-on-custom-event-bus"],
  "AWS::Logs::LogGroup": ["logs", "log-group"],
  "AWS::CodeBuild::Project": ["codebuild", "project"],
  "AWS::CodePipeline::Pipeline": ["codepipeline", "pipeline"],
  "AWS::CloudWatch::Alarm": ["cloudwatch", "alarm"],
  "AWS::SNS::Topic": ["sns", "topic"],
};

function templateResources(each: Deployed, accountRole: AccountRole | undefined): readonly ProbedResource[] {
  const known = typesOf[each.type];
  if (known === undefined) return [];
  const [service, ...types] = known;
  const resource: ProbedResource = {
    arn: resourceArn(each),
    kind: each.logicalId,
    account: each.account,
    tenant: accountRole?.tenant ?? "",
    service,
    types,
    ...(accountRole?.furtherRegions.includes(each.region) && { further: true }),
    ...(service === "kms" && { context: { "kms:ResourceAliases": [cacheKeyAlias] } }),
  };
  if (service !== "logs") return [resource];
  const streams = { ...resource, kind: `streams of ${each.logicalId}`, types: ["log-stream"] };
  return [resource, { ...streams, arn: `${resource.arn}:log-stream:x` }];
}

const object = ["object"];

function inCentral(accountRole: AccountRole, central: AccountRole): readonly ProbedResource[] {
  const { account, purpose, tenant } = accountRole;
  const artifacts = `arn:aws:s3:::${artifactBucket(central.account, central.region)}`;
  const registry = `arn:aws:s3:::${registryBucket(central.account, central.region)}`;
  const inBuckets = { ...central, tenant };
  if (purpose === "anchor")
    return sampled(inBuckets, [
      ["an upload", "s3", object, `${artifacts}/${account}/app/main/latest.zip`],
      ["a review", "s3", object, `${artifacts}/${folders.reviews}${account}/kedge-app-prod-x/v-e.json`],
      ["a result", "s3", object, `${artifacts}/${folders.results}${account}/app/main/latest.json`],
      ["the record of an upload", "s3", object, `${artifacts}/${folders.uploads}${account}/app/main/v.json`],
      ["a person's name", "s3", object, `${artifacts}/${folders.people}${account}/p-0123.json`],
      ["a person's key", "s3", object, `${artifacts}/${folders.people}${account}/keys/0123.json`],
    ]);
  if (purpose !== "central") return [];
  return sampled(inBuckets, [
    [
      "an access log",
      "s3",
      object,
      `arn:aws:s3:::${accessLogBucket(account, central.region)}/artifacts/2026-01-01`,
    ],
    ["the command line", "s3", object, `${artifacts}/${cliKeys("1.0.0").newest}`],
    ["an upload with an invalid key", "s3", object, `${artifacts}/somewhere/else.zip`],
    ["a result for an invalid key", "s3", object, `${artifacts}/${folders.results}somewhere/else.json`],
    ...inRegistry(registry),
    [
      "a product",
      "servicecatalog",
      ["Product"],
      `arn:aws:catalog:${central.region}:${account}:product/prod-x`,
    ],
  ]).map((resource) =>
    resource.kind === "a product" ? { ...resource, open: ["servicecatalog:*"] } : resource,
  );
}

function ofAnchor(accountRole: AccountRole): readonly ProbedResource[] {
  const { account, region } = accountRole;
  const cache = `arn:aws:s3:::${cacheBucket(account, region)}`;
  const pipelines = `arn:aws:codepipeline:${region}:${account}:${pipeline}`;
  return sampled(accountRole, [
    ["a line's folder", "s3", object, `${cache}/${folders.lines}${line}/release.zip`],
    ["an environment's lock", "s3", object, `${cache}/${folders.lines}${line}/locks/prod.json`],
    ["an asset", "s3", object, `${cache}/${folders.assets}0123.zip`],
    ["a pipeline's artifact", "s3", object, `${cache}/${pipeline}/Prepared_p/abc`],
    ["a source's artifact", "s3", object, `${cache}/${pipeline}/Release/abc`],
    ["a slot record", "s3", object, `${cache}/${folders.governor}${line}/running/x`],
    ["a build's plan", "s3", object, `${cache}/${pipeline}/Plan_d/abc`],
    ["a smoke test's input", "s3", object, `${cache}/${pipeline}/Smoke_prod/abc`],
    ["a former smoke test's input", "s3", object, `${cache}/${pipeline}/SmokeInput/abc`],
    ["a smoke test's role", "iam", ["role"], `arn:aws:iam::${account}:role/${smokeRole}`],
    [
      "a line's smoke test",
      "codebuild",
      ["project"],
      `arn:aws:codebuild:${region}:${account}:project/${smokeRole}`,
    ],
    ["elsewhere in the cache", "s3", object, `${cache}/elsewhere`],
    ["a pipeline", "codepipeline", ["pipeline"], pipelines],
    ["a pipeline's stage", "codepipeline", ["stage"], `${pipelines}/prod`],
    ["an approval", "codepipeline", ["action"], `${pipelines}/prod/Approve`],
    ["another action", "codepipeline", ["action"], `${pipelines}/prod/Execute`],
    [
      "a pipeline's stack",
      "cloudformation",
      ["stack"],
      `arn:aws:cloudformation:${region}:${account}:stack/${pipeline}/id`,
    ],
  ]);
}

function ofTarget(accountRole: AccountRole): readonly ProbedResource[] {
  const { account, region, handlers = { projects: [], functions: [] } } = accountRole;
  const here = (service: string, resource: string): string =>
    `arn:aws:${service}:${region}:${account}:${resource}`;
  return sampled(accountRole, [
    [
      "an application's stack",
      "cloudformation",
      ["stack"],
      here("cloudformation", `stack/${application}/id`),
    ],
    ["an application's role", "iam", ["role"], `arn:aws:iam::${account}:role/${application}-Role`],
    ["a handler's role", "iam", ["role"], `arn:aws:iam::${account}:role/${handlerPrefix}x`],
    ["an application's function", "lambda", functionTypes, here("lambda", `function:${application}-Fn`)],
    ["a deploy action's log", "logs", ["log-group"], here("logs", `log-group:/aws/codepipeline/${pipeline}`)],
    [
      "streams of a deploy action's log",
      "logs",
      ["log-stream"],
      here("logs", `log-group:/aws/codepipeline/${pipeline}:log-stream:x`),
    ],
    ["an application's bucket", "s3", ["bucket"], `arn:aws:s3:::${applicationPrefix}x`],
    ["an application's object", "s3", object, `arn:aws:s3:::${applicationPrefix}x/x`],
    ["a state", "s3", object, `arn:aws:s3:::somebody-${account}/${line}/dev.tfstate`],
    ["an application's build", "codebuild", ["project"], here("codebuild", `project/${application}`)],
    ["an application's layer", "lambda", ["layer", "layerVersion"], here("lambda", `layer:${application}:1`)],
    ["an application's API", "apigateway", undefined, `arn:aws:apigateway:${region}::/restapis/x`],
    ["an API key", "apigateway", undefined, `arn:aws:apigateway:${region}::/apikeys/x`],
    ["a usage plan's key", "apigateway", undefined, `arn:aws:apigateway:${region}::/usageplans/x/keys/x`],
    ["a migration's record", "ssm", ["parameter"], here("ssm", `parameter/${ledgers}dev/app/1`)],
    ["a subnet", "ec2", ["network-interface", "subnet", "security-group"], here("ec2", "subnet/x")],
    [
      "a subnet another account shares",
      "ec2",
      ["network-interface", "subnet", "security-group"],
      `arn:aws:ec2:${region}:${foreignAccount}:subnet/x`,
    ],
    [
      "a network interface",
      "ec2",
      ["network-interface", "subnet", "security-group"],
      here("ec2", "network-interface/x"),
    ],
    [
      "a security group",
      "ec2",
      ["network-interface", "subnet", "security-group"],
      here("ec2", "security-group/x"),
    ],
    ...handlers.projects.map(
      (name): Sample => [aHandlersProject, "codebuild", ["project"], here("codebuild", `project/${name}`)],
    ),
    ...handlers.functions.map(
      (name): Sample => [aHandlersFunction, "lambda", functionTypes, here("lambda", `function:${name}`)],
    ),
    [
      "an application's policy of its own",
      "iam",
      ["policy"],
      `arn:aws:iam::${account}:policy/${application}`,
    ],
    [
      "the transform of SAM",
      "cloudformation",
      ["stack"],
      `arn:aws:cloudformation:${region}:aws:transform/Serverless-2016-10-31`,
    ],
  ]);
}

/** Resources that every account has or could have. */
function everywhere(accountRole: AccountRole): readonly ProbedResource[] {
  const { account, region } = accountRole;
  const stack = `arn:aws:cloudformation:${region}:${account}:stack/SC-${account}-pp-x/id`;
  const mapping = `arn:aws:lambda:${region}:${account}:event-source-mapping:x`;
  const tagged = { "s3:ExistingObjectTag/servicecatalog:provisioning": "true" };
  return [
    ...sampled(accountRole, [
      ["a product's stack", "cloudformation", ["stack"], stack],
      ["an event source mapping", "lambda", ["eventSourceMapping"], mapping],
      ["a template of Service Catalog", "s3", object, "arn:aws:s3:::of-service-catalog/x.json", tagged],
    ]),
    ...assumableRoles(accountRole, application),
    ...withoutResource.map((service) => ({
      ...{ kind: `all of ${service}`, service, arn: "*", types: [], account: accountRole.account },
      tenant: accountRole.tenant,
    })),
  ];
}

/** Services with actions that IAM checks without a resource. */
const withoutResource = [
  ...[
    "cloudformation",
    "cloudwatch",
    "codebuild",
    "codepipeline",
    "ec2",
    "events",
    "iam",
    "kms",
    "lambda",
    "logs",
  ],
  ...["s3", "secretsmanager", "servicecatalog", "sqs", "ssm", "sts", "xray"],
];

export const boundaryArnIn = (account: string): string => `arn:aws:iam::${account}:policy/${boundary}`;
