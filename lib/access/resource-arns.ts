/**
 * Derives the ARN and the `Ref` of a resource of Kedge's templates. A type that no policy can name keeps its
 * logical id.
 */
import type { JsonObject } from "@kedge/local-cloud/cloudformation/json";

type Made = {
  readonly account: string;
  readonly region: string;
  readonly logicalId: string;
  readonly type: string;
  readonly properties: JsonObject;
};

type Shape = {
  /** The property that holds the name; without one, AWS chooses a name. */
  readonly name?: string;
  readonly arn: (name: string, made: Made) => string;
  /** `Ref`, where its value is not the name. */
  readonly ref?: (name: string, made: Made) => string;
};

const regional =
  (service: string, kind = "") =>
  (name: string, { region, account }: Made): string =>
    `arn:aws:${service}:${region}:${account}:${kind}${name}`;
const global =
  (kind: string) =>
  (name: string, { account }: Made): string =>
    `arn:aws:iam::${account}:${kind}/${name}`;

const shapes: Readonly<Record<string, Shape>> = {
  "AWS::S3::Bucket": { name: "BucketName", arn: (name) => `arn:aws:s3:::${name}` },
  "AWS::SQS::Queue": {
    name: "QueueName",
    arn: regional("sqs"),
    ref: (name, { region, account }) => `https://sqs.${region}.amazonaws.com/${account}/${name}`,
  },
  "AWS::IAM::Role": { name: "RoleName", arn: global("role") },
  "AWS::IAM::ManagedPolicy": { name: "ManagedPolicyName", arn: global("policy"), ref: global("policy") },
  "AWS::Lambda::Function": { name: "FunctionName", arn: regional("lambda", "function:") },
  "AWS::KMS::Key": { arn: regional("kms", "key/") },
  "AWS::KMS::ReplicaKey": { arn: regional("kms", "key/") },
  "AWS::Events::EventBus": { name: "Name", arn: regional("events", "event-bus/") },
  "AWS::Events::Rule": {
    name: "Name",
    arn: (name, { region, account, properties }) => {
      const bus = properties["EventBusName"];
      return `arn:aws:events:${region}:${account}:rule/${typeof bus === "string" ? `${bus}/` : ""}${name}`;
    },
  },
  "AWS::Logs::LogGroup": { name: "LogGroupName", arn: regional("logs", "log-group:") },
  "AWS::CodeBuild::Project": { name: "Name", arn: regional("codebuild", "project/") },
  "AWS::CodePipeline::Pipeline": { name: "Name", arn: regional("codepipeline") },
  "AWS::CloudWatch::Alarm": { name: "AlarmName", arn: regional("cloudwatch", "alarm:") },
  "AWS::SNS::Topic": {
    name: "TopicName",
    arn: regional("sns"),
    ref: regional("sns"),
  },
};

const nameOf = (made: Made): string => {
  const name = made.properties[shapes[made.type]?.name ?? ""];
  return typeof name === "string" ? name : made.logicalId;
};

export const resourceArn = (made: Made): string =>
  shapes[made.type]?.arn(nameOf(made), made) ?? `${made.account}/${made.logicalId}`;

export const resourceRef = (made: Made): string =>
  shapes[made.type]?.ref?.(nameOf(made), made) ?? nameOf(made);
