import { expect, it } from "vitest";
import { functions } from "#release/names/deployed-names.ts";
import {
  accounts,
  anchor,
  inAnchor,
  makeStacks,
  type Resource,
  region,
  resolveIn,
  templateOf,
} from "#test/support/stacks.ts";
import { statementsIn } from "#test/support/statements.ts";

const stacks = makeStacks();
const situation = inAnchor(accounts(2));
const [launch, products] = [
  resolveIn(templateOf(stacks["launch-roles"]), situation),
  { ...resolveIn(templateOf(stacks.anchor), situation), ...resolveIn(templateOf(stacks.target), situation) },
];
const grants = statementsIn(launch).filter(
  ({ where, kind, effect }) =>
    ["LaunchRole", "LaunchResources"].includes(where) && kind === "identity" && effect === "Allow",
);

const mayDo = (action: string, arn: string): boolean =>
  grants.some(
    ({ actions, resources }) =>
      actions.includes(action) &&
      resources.some((pattern) =>
        new RegExp(`^${pattern.replace(/[$.]/g, "\\$&").replaceAll("*", ".*")}$`).test(arn),
      ),
  );

const at = (service: string, resource: unknown): string =>
  `arn:aws:${service}:${region}:${anchor}:${String(resource)}`;

type Creation = readonly [action: string, arn: (properties: Resource["Properties"]) => string];

/** The call that creates each resource type, and the ARN that the new resource gets. */
const creations: Readonly<Record<string, Creation>> = {
  "AWS::CloudWatch::Alarm": [
    "cloudwatch:PutMetricAlarm",
    ({ AlarmName }) => at("cloudwatch", `alarm:${AlarmName}`),
  ],
  "AWS::CodeBuild::Project": ["codebuild:CreateProject", ({ Name }) => at("codebuild", `project/${Name}`)],
  "AWS::Events::EventBus": ["events:CreateEventBus", ({ Name }) => at("events", `event-bus/${Name}`)],
  "AWS::Events::EventBusPolicy": ["events:PutPermission", () => "*"],
  "AWS::Events::Rule": [
    "events:PutRule",
    ({ Name, EventBusName }) => at("events", EventBusName ? `rule/kedge/${Name}` : `rule/${Name}`),
  ],
  "AWS::IAM::ManagedPolicy": [
    "iam:CreatePolicy",
    ({ ManagedPolicyName }) => `arn:aws:iam::${anchor}:policy/${ManagedPolicyName}`,
  ],
  "AWS::IAM::Role": ["iam:CreateRole", ({ RoleName }) => `arn:aws:iam::${anchor}:role/${RoleName}`],
  "AWS::KMS::Alias": ["kms:CreateAlias", ({ AliasName }) => at("kms", AliasName)],
  "AWS::KMS::Key": ["kms:CreateKey", () => "*"],
  "AWS::Lambda::EventInvokeConfig": [
    "lambda:PutFunctionEventInvokeConfig",
    () => at("lambda", "function:kedge-observe:$LATEST"),
  ],
  "AWS::Lambda::EventSourceMapping": ["lambda:CreateEventSourceMapping", () => "*"],
  "AWS::Lambda::Function": [
    "lambda:CreateFunction",
    ({ FunctionName }) => at("lambda", `function:${FunctionName}`),
  ],
  "AWS::Lambda::Permission": ["lambda:AddPermission", () => at("lambda", "function:kedge-observe")],
  "AWS::Logs::LogGroup": [
    "logs:CreateLogGroup",
    ({ LogGroupName }) => at("logs", `log-group:${LogGroupName}`),
  ],
  "AWS::S3::Bucket": ["s3:CreateBucket", ({ BucketName }) => `arn:aws:s3:::${BucketName}`],
  "AWS::S3::BucketPolicy": ["s3:PutBucketPolicy", () => `arn:aws:s3:::kedge-cache-${anchor}-${region}`],
  "AWS::SNS::Topic": ["sns:CreateTopic", ({ TopicName }) => at("sns", TopicName)],
  "AWS::SNS::TopicPolicy": ["sns:SetTopicAttributes", () => at("sns", "kedge-notifications")],
  "AWS::SQS::Queue": ["sqs:CreateQueue", ({ QueueName }) => at("sqs", QueueName)],
  "AWS::SQS::QueuePolicy": ["sqs:SetQueueAttributes", () => at("sqs", "kedge-lines-main.fifo")],
};

it.each(Object.entries(products))("may create %s of a product", (_, { Type, Properties }) => {
  const [action, arn] = creations[Type] ?? [`create ${Type}`, () => ""];
  expect([action, arn(Properties), mayDo(action, arn(Properties))]).toEqual([action, arn(Properties), true]);
});

it("may pass every role that a product hands to a service", () => {
  const handed = Object.values(products).flatMap(({ Type, Properties }) => {
    if (Type === "AWS::Lambda::Function") return [[Properties["FunctionName"], "lambda.amazonaws.com"]];
    if (Type === "AWS::CodeBuild::Project") return [[Properties["Name"], "codebuild.amazonaws.com"]];
    return [];
  });
  // The central account has two of the functions, and two more roles are handed to CodeBuild.
  expect(handed).toHaveLength(Object.keys(functions).length);
  for (const [name, service] of handed) {
    const passing = grants.filter(
      ({ actions, condition }) =>
        actions.includes("iam:PassRole") &&
        [condition["StringEquals"]?.["iam:PassedToService"]].flat().includes(service),
    );
    expect(passing.flatMap(({ resources }) => resources)).toContain(
      `arn:aws:iam::${anchor}:role/${String(name)}`,
    );
  }
});

it("may not create or change the roles that deploy products", () => {
  for (const name of ["kedge-launch", "kedge-provisioner"]) {
    for (const action of [
      "iam:CreateRole",
      "iam:PutRolePolicy",
      "iam:PassRole",
      "iam:UpdateAssumeRolePolicy",
    ]) {
      expect([name, action, mayDo(action, `arn:aws:iam::${anchor}:role/${name}`)]).toEqual([
        name,
        action,
        false,
      ]);
    }
  }
});
