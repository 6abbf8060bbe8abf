/**
 * Creates a Lambda like all Lambdas of Kedge: Node 24 on arm64, with a role of its own name and a log group
 * with a retention time.
 */
import type { CfnRole } from "aws-cdk-lib/aws-iam";
import { CfnEventSourceMapping, CfnFunction } from "aws-cdk-lib/aws-lambda";
import { CfnLogGroup } from "aws-cdk-lib/aws-logs";
import type { CfnQueue } from "aws-cdk-lib/aws-sqs";
import { Aws } from "aws-cdk-lib/core";
import type { Construct } from "constructs";
import { allow, type Grant, role, trustService } from "./statements.ts";

type LambdaProps = {
  readonly name: string;
  readonly description: string;
  readonly code: { readonly s3Bucket: string; readonly s3Key: string };
  readonly memory: number;
  readonly timeoutSeconds: number;
  readonly ephemeralMegabytes?: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly grants: readonly Grant[];
  /** ARNs of managed policies. */
  readonly policies?: readonly string[];
};

export type Lambda = { readonly lambda: CfnFunction; readonly role: CfnRole };

const retentionDays = 90;

export function lambda(scope: Construct, id: string, props: LambdaProps): Lambda {
  const logs = new CfnLogGroup(scope, `${id}Logs`, {
    logGroupName: `/aws/lambda/${props.name}`,
    retentionInDays: retentionDays,
  });
  const own = role(scope, `${id}Role`, {
    name: props.name,
    description: `The Lambda ${props.name} runs as this role`,
    trust: [trustService("lambda.amazonaws.com")],
    grants: [writeLogs(`/aws/lambda/${props.name}`), ...props.grants],
    ...(props.policies && { policies: props.policies }),
  });
  const made = new CfnFunction(scope, id, {
    functionName: props.name,
    description: props.description,
    runtime: "nodejs24.x",
    architectures: ["arm64"],
    handler: "index.handler",
    code: props.code,
    role: own.attrArn,
    memorySize: props.memory,
    timeout: props.timeoutSeconds,
    ...(props.ephemeralMegabytes !== undefined && { ephemeralStorage: { size: props.ephemeralMegabytes } }),
    environment: { variables: { POWERTOOLS_SERVICE_NAME: props.name, ...props.environment } },
    loggingConfig: { logGroup: logs.ref },
  });
  return { lambda: made, role: own };
}

export const writeLogs = (logGroup: string): Grant =>
  allow(
    ["logs:CreateLogStream", "logs:PutLogEvents"],
    [`arn:aws:logs:${Aws.REGION}:${Aws.ACCOUNT_ID}:log-group:${logGroup}:*`],
    { because: "The streams of one log group. The service that writes a stream chooses its name." },
  );

/** The queue's messages invoke the Lambda; the ones it reports as failed are received again. */
export function pollQueue(
  scope: Construct,
  id: string,
  props: {
    readonly queue: CfnQueue;
    readonly lambda: CfnFunction;
    readonly batchSize: number;
    readonly maxConcurrency: number;
  },
): CfnEventSourceMapping {
  return new CfnEventSourceMapping(scope, id, {
    eventSourceArn: props.queue.attrArn,
    functionName: props.lambda.ref,
    batchSize: props.batchSize,
    functionResponseTypes: ["ReportBatchItemFailures"],
    scalingConfig: { maximumConcurrency: props.maxConcurrency },
  });
}

/**
 * The calls that an event source mapping makes with the Lambda's role. The Lambda may make a failed message
 * visible early.
 */
export const consume = (...queueArns: readonly string[]): Grant =>
  allow(
    ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ChangeMessageVisibility"],
    queueArns,
  );
