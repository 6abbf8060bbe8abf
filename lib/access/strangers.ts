/** What is nobody's business here: one of each kind in every account, here and in another region, and what others publish. */
import { functionTypes, otherRegion, type Place, type Sample, sampled } from "./place.ts";
import { type Standing, strangerAccount } from "./standing.ts";

const object = ["object"];

/** One of each kind, of no concern to Kedge: whoever reaches it reaches too far. */
export function strangers(standing: Standing): readonly Place[] {
  const { account, region } = standing;
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
    ["key", "kms", ["key"], here("kms", "key/somebody"), { "kms:ResourceAliases": ["alias/somebody"] }],
    ["key's alias", "kms", ["alias"], here("kms", "alias/somebody")],
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
    standing,
    rows.map(([kind, ...rest]) => [`somebody's ${kind}`, ...rest] as Sample),
  ).map((place) => (place.service === "kms" ? { ...place, open: ["kms:*"] } : place));
  const elsewhere = own
    .filter(({ arn }) => arn.includes(`:${region}:`))
    .map((place) => ({
      ...place,
      kind: `${place.kind} in another region`,
      arn: place.arn.replace(`:${region}:`, `:${otherRegion}:`),
    }));
  return [...own, ...elsewhere];
}

/** Outside of the estate; others let everyone use it. */
export const publicLayer = (region: string, kind = "a public layer"): Place => ({
  arn: `arn:aws:lambda:${region}:${strangerAccount}:layer:powertools:1`,
  kind,
  account: strangerAccount,
  service: "lambda",
  types: ["layerVersion"],
  tenant: "nobody",
  open: ["lambda:GetLayerVersion"],
});
