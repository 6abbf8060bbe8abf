/**
 * Lists sample resources that Kedge did not create: one of each kind in every account, in its own region and
 * in an unused one, and public resources of other accounts.
 */

import { lineQueuePrefix } from "#release/names/deployed-names.ts";
import { type AccountRole, foreignAccount } from "./account-role.ts";
import { functionTypes, otherRegion, type ProbedResource, type Sample, sampled } from "./resource.ts";

const object = ["object"];

/** Foreign resources of each kind. A principal of Kedge that reaches one has too many rights. */
export function foreignResources(accountRole: AccountRole): readonly ProbedResource[] {
  const { account, region } = accountRole;
  const here = (service: string, resource: string): string =>
    `arn:aws:${service}:${region}:${account}:${resource}`;
  const rows: readonly Sample[] = [
    ["bucket", "s3", ["bucket"], `arn:aws:s3:::somebody-${account}`],
    ["object", "s3", object, `arn:aws:s3:::somebody-${account}/x`],
    ["queue", "sqs", ["queue"], here("sqs", "somebody")],
    ["role", "iam", ["role"], `arn:aws:iam::${account}:role/somebody`],
    ["policy", "iam", ["policy"], `arn:aws:iam::${account}:policy/somebody`],
    ["user", "iam", ["user"], `arn:aws:iam::${account}:user/somebody`],
    ["function", "lambda", functionTypes, here("lambda", "function:somebody")],
    ["KMS key", "kms", ["key"], here("kms", "key/somebody"), { "kms:ResourceAliases": ["alias/somebody"] }],
    ["KMS key's alias", "kms", ["alias"], here("kms", "alias/somebody")],
    ["event bus", "events", ["event-bus"], here("events", "event-bus/somebody")],
    [
      "rule",
      "events",
      ["rule-on-default-event-bus", "rule-on-custom-event-bus"],
      here("events", "rule/somebody"),
    ],
    ["log group", "logs", ["log-group"], here("logs", "log-group:somebody")],
    ["log stream", "logs", ["log-stream"], here("logs", "log-group:somebody:log-stream:x")],
    ["project", "codebuild", ["project"], here("codebuild", "project/somebody")],
    ["pipeline", "codepipeline", ["pipeline"], here("codepipeline", "somebody")],
    ["pipeline's stage", "codepipeline", ["stage"], here("codepipeline", "somebody/prod")],
    ["pipeline's action", "codepipeline", ["action"], here("codepipeline", "somebody/prod/Approve")],
    ["stack", "cloudformation", ["stack"], here("cloudformation", "stack/somebody/id")],
    ["alarm", "cloudwatch", ["alarm"], here("cloudwatch", "alarm:somebody")],
    ["parameter", "ssm", ["parameter"], here("ssm", "parameter/somebody")],
    ["secret", "secretsmanager", ["Secret"], here("secretsmanager", "secret:somebody")],
    ["table", "dynamodb", ["table"], here("dynamodb", "table/somebody")],
    ["topic", "sns", ["topic"], here("sns", "somebody")],
    ["state machine", "states", ["statemachine"], here("states", "stateMachine:somebody")],
    ["API", "apigateway", undefined, `arn:aws:apigateway:${region}::/restapis/somebody`],
    ["schedule", "scheduler", ["schedule"], here("scheduler", "schedule/default/somebody")],
    ["product", "servicecatalog", ["Product"], here("catalog", "product/prod-somebody")],
  ];
  const own = sampled(
    accountRole,
    rows.map(([kind, ...rest]) => [`a foreign ${kind}`, ...rest] as Sample),
  ).map((resource) => (resource.service === "kms" ? { ...resource, open: ["kms:*"] } : resource));
  const elsewhere = own
    .filter(({ arn }) => arn.includes(`:${region}:`))
    .map((resource) => ({
      ...resource,
      kind: `${resource.kind} in another region`,
      arn: resource.arn.replace(`:${region}:`, `:${otherRegion}:`),
    }));
  return [...own, ...elsewhere];
}

/** Resources outside of the estate that their owners make public, in the estate's regions and in an unused one. */
export function publicResources(accountRoles: readonly AccountRole[]): readonly ProbedResource[] {
  const home = new Set(accountRoles.map(({ region }) => region));
  const further = new Set(accountRoles.flatMap(({ furtherRegions }) => furtherRegions));
  return [
    ...[...home].flatMap((region) => [
      publicLayer(region, "a public layer"),
      publicParameter(region, "a public parameter"),
      openLineQueue(region),
    ]),
    ...[...further]
      .filter((region) => !home.has(region))
      .map((region): ProbedResource => ({ ...publicParameter(region, "a public parameter"), further: true })),
    publicLayer(otherRegion, "a public layer in another region"),
    publicParameter(otherRegion, "a public parameter in another region"),
  ];
}

const publicLayer = (region: string, kind: string): ProbedResource => ({
  arn: `arn:aws:lambda:${region}:${foreignAccount}:layer:powertools:1`,
  kind,
  account: foreignAccount,
  service: "lambda",
  types: ["layerVersion"],
  tenant: "nobody",
  open: ["lambda:GetLayerVersion"],
});

/** AWS publishes parameters, for example the ids of images. Their ARNs have no account. */
const publicParameter = (region: string, kind: string): ProbedResource => ({
  arn: `arn:aws:ssm:${region}::parameter/aws/service/x`,
  kind,
  account: foreignAccount,
  service: "ssm",
  types: ["parameter"],
  tenant: "nobody",
  open: ["ssm:GetParameter", "ssm:GetParameters", "ssm:GetParametersByPath", "ssm:GetParameterHistory"],
});

/** An account outside of the estate opens a queue with the name of a line's queue. */
const openLineQueue = (region: string): ProbedResource => ({
  arn: `arn:aws:sqs:${region}:${foreignAccount}:${lineQueuePrefix}main`,
  kind: "a foreign queue with the name of a line's",
  account: foreignAccount,
  service: "sqs",
  types: ["queue"],
  tenant: "nobody",
  open: ["sqs:SendMessage"],
});
