/**
 * The stack of a function that Kedge makes: the function, its role and log group, a version for each state of code and
 * configuration, and an alias that CloudFormation makes once and never moves.
 */

import type { PlainObject, PlainValue, TemplateDocument } from "#release/document/template-document.ts";
import { canonicalJson, sha256Hex } from "#release/names/digest.ts";
import { boundary } from "#release/stack/role-boundary.ts";
import { aliasOf, type Settings } from "./settings.ts";
import type { Sign } from "./signs.ts";

type FunctionStack = {
  readonly settings: Settings;
  /** The location of the published code: {S3Bucket, S3Key, S3ObjectVersion}. */
  readonly code: PlainValue;
  readonly run: Pick<Sign, "runtime" | "handler">;
  /** An alarm on the alias calls a shift off. */
  readonly alarm: boolean;
};

const ref = (id: string): PlainObject => ({ Ref: id });
const attribute = (id: string, name: string): PlainObject => ({ "Fn::GetAtt": [id, name] });
const sub = (text: string): PlainObject => ({ "Fn::Sub": text });

export function functionStack(given: FunctionStack): TemplateDocument {
  const { settings, alarm } = given;
  const properties = functionProperties(given);
  const alias = aliasOf(settings);
  return {
    Description: "A function released by Kedge",
    Resources: {
      Logs: {
        Type: "AWS::Logs::LogGroup",
        Properties: { RetentionInDays: settings.logRetention ?? 90 },
      },
      Role: { Type: "AWS::IAM::Role", Properties: roleProperties(settings) },
      Function: { Type: "AWS::Lambda::Function", Properties: properties },
      // Its description names code and configuration, so it is made anew with them. Older ones stay: the alias may be
      // at one of them, and a way back leads there.
      Version: {
        Type: "AWS::Lambda::Version",
        DeletionPolicy: "Retain",
        UpdateReplacePolicy: "Retain",
        Properties: { FunctionName: ref("Function"), Description: stateOf(properties) },
      },
      // A new function's first version is 1. To CloudFormation the alias stays there, so it never moves it again.
      Alias: {
        Type: "AWS::Lambda::Alias",
        DependsOn: ["Version"],
        Properties: { FunctionName: ref("Function"), Name: alias, FunctionVersion: "1" },
      },
      ...(alarm && { Errors: errorsAlarm(alias) }),
    },
    Outputs: {
      FunctionName: { Value: ref("Function") },
      FunctionArn: { Value: attribute("Function", "Arn") },
      AliasArn: { Value: ref("Alias") },
      Version: { Value: attribute("Version", "Version") },
      LogGroup: { Value: ref("Logs") },
      ...(alarm && { ErrorsAlarm: { Value: ref("Errors") } }),
    },
  };
}

function functionProperties({ settings, code, run }: FunctionStack): PlainObject {
  const { environment, layers, vpc, concurrency } = settings;
  return {
    Code: code,
    Handler: settings.handler ?? run.handler,
    Runtime: settings.runtime ?? run.runtime,
    Architectures: [settings.architecture ?? "x86_64"],
    Role: attribute("Role", "Arn"),
    MemorySize: settings.memory ?? 128,
    Timeout: settings.timeout ?? 3,
    LoggingConfig: { LogGroup: ref("Logs") },
    ...(settings.storage !== undefined && { EphemeralStorage: { Size: settings.storage } }),
    ...(settings.tracing && { TracingConfig: { Mode: "Active" } }),
    ...(environment && { Environment: { Variables: environment } }),
    ...(layers && { Layers: layers }),
    ...(vpc && { VpcConfig: { SubnetIds: vpc.subnets, SecurityGroupIds: vpc.securityGroups } }),
    ...(concurrency !== undefined && { ReservedConcurrentExecutions: concurrency }),
  };
}

/**
 * Reserved concurrency belongs to no version, so the state leaves it out. Lambda publishes no version for a
 * change of it alone.
 */
function stateOf({ ReservedConcurrentExecutions: _, ...properties }: PlainObject): string {
  return `kedge ${sha256Hex(canonicalJson(properties)).slice(0, 32)}`;
}

const roleProperties = ({ policies = [], vpc, tracing }: Settings): PlainObject => ({
  PermissionsBoundary: boundary,
  AssumeRolePolicyDocument: trust("lambda.amazonaws.com"),
  Policies: [
    {
      PolicyName: "function",
      PolicyDocument: {
        Version: "2012-10-17",
        Statement: [
          allow(["logs:CreateLogStream", "logs:PutLogEvents"], [attribute("Logs", "Arn")]),
          ...(tracing ? [allow(["xray:PutTraceSegments", "xray:PutTelemetryRecords"], ["*"])] : []),
          ...(vpc ? vpcStatements : []),
          ...policies.map(({ actions, resources }) => allow(actions, resources.map(withPseudo))),
        ],
      },
    },
  ],
});

export const trust = (service: string): PlainObject => ({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole" }],
});

export const allow = (actions: readonly string[], resources: readonly PlainValue[]): PlainObject => ({
  Effect: "Allow",
  Action: actions,
  Resource: resources,
});

/** `${AWS::Region}` and its like are CloudFormation's to fill in. */
const withPseudo = (text: string): PlainValue => (text.includes("${AWS::") ? sub(text) : text);

const vpcStatements: readonly PlainValue[] = [
  allow(
    ["ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface"],
    ["network-interface", "subnet", "security-group"].map((kind) =>
      sub(`arn:\${AWS::Partition}:ec2:\${AWS::Region}:\${AWS::AccountId}:${kind}/*`),
    ),
  ),
  allow(["ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets"], ["*"]),
];

const errorsAlarm = (alias: string): PlainObject => ({
  Type: "AWS::CloudWatch::Alarm",
  Properties: {
    AlarmDescription: `Calls to the alias ${alias} fail`,
    Namespace: "AWS/Lambda",
    MetricName: "Errors",
    Dimensions: [
      { Name: "FunctionName", Value: ref("Function") },
      { Name: "Resource", Value: { "Fn::Join": [":", [ref("Function"), alias]] } },
    ],
    Statistic: "Sum",
    Period: 60,
    EvaluationPeriods: 1,
    Threshold: 0,
    ComparisonOperator: "GreaterThanThreshold",
    TreatMissingData: "notBreaching",
  },
});
