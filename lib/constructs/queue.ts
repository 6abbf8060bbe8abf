/**
 * Creates an SQS queue like all queues of Kedge: encrypted, TLS only, with a dead-letter queue that keeps
 * messages for a fortnight and has an alarm.
 */
import { CfnAlarm } from "aws-cdk-lib/aws-cloudwatch";
import { CfnQueue, CfnQueuePolicy } from "aws-cdk-lib/aws-sqs";
import { Fn, Validations } from "aws-cdk-lib/core";
import type { Construct } from "constructs";
import { policyDocument, type Statement } from "./statements.ts";

const fortnight = 14 * 24 * 3600;

export type DeadLetters = { readonly queue: CfnQueue; readonly arn: string };

export function deadLetters(
  scope: Construct,
  id: string,
  props: {
    readonly name: string;
    readonly holds: string;
    readonly senders?: (queueArn: string) => readonly Statement[];
  },
): DeadLetters {
  const queue = new CfnQueue(scope, id, {
    queueName: props.name,
    messageRetentionPeriod: fortnight,
    sqsManagedSseEnabled: true,
    ...(props.name.endsWith(".fifo") && { fifoQueue: true }),
  });
  Validations.of(queue).acknowledge({
    id: "AwsSolutions-SQS3",
    reason: "This is the queue that holds dead letters; its depth raises an alarm.",
  });
  const arn = queue.attrArn;
  writeQueuePolicy(scope, `${id}Policy`, queue, props.senders?.(arn) ?? []);
  new CfnAlarm(scope, `${id}Alarm`, {
    alarmName: `${props.name}-not-empty`,
    alarmDescription: props.holds,
    namespace: "AWS/SQS",
    metricName: "ApproximateNumberOfMessagesVisible",
    dimensions: [{ name: "QueueName", value: queue.attrQueueName }],
    statistic: "Maximum",
    period: 300,
    evaluationPeriods: 1,
    threshold: 0,
    comparisonOperator: "GreaterThanThreshold",
    treatMissingData: "notBreaching",
  });
  return { queue, arn };
}

export function workQueue(
  scope: Construct,
  id: string,
  props: {
    readonly name: string;
    readonly deadLetters: DeadLetters;
    readonly maxReceives: number;
    readonly visibilitySeconds: number;
    readonly senders: (queueArn: string) => readonly Statement[];
  },
): CfnQueue {
  const fifo = props.name.endsWith(".fifo");
  const queue = new CfnQueue(scope, id, {
    queueName: props.name,
    visibilityTimeout: props.visibilitySeconds,
    messageRetentionPeriod: fortnight,
    sqsManagedSseEnabled: true,
    redrivePolicy: { deadLetterTargetArn: props.deadLetters.arn, maxReceiveCount: props.maxReceives },
    ...(fifo && {
      fifoQueue: true,
      deduplicationScope: "messageGroup",
      fifoThroughputLimit: "perMessageGroupId",
    }),
  });
  writeQueuePolicy(scope, `${id}Policy`, queue, props.senders(queue.attrArn));
  return queue;
}

/** EventBridge may put events of one rule on the queue. */
export const ruleMaySend = (ruleArn: string, queueArn: string): Statement => ({
  Effect: "Allow",
  Principal: { Service: "events.amazonaws.com" },
  Action: ["sqs:SendMessage"],
  Resource: [queueArn],
  Condition: { ArnEquals: { "aws:SourceArn": ruleArn } },
});

/** S3 may send the notifications of one bucket (S3 User Guide, "Granting permissions to publish event notifications"). */
export const bucketMaySend = (bucketArn: string, queueArn: string, account: string): Statement => ({
  Effect: "Allow",
  Principal: { Service: "s3.amazonaws.com" },
  Action: ["sqs:SendMessage"],
  Resource: [queueArn],
  Condition: { ArnEquals: { "aws:SourceArn": bucketArn }, StringEquals: { "aws:SourceAccount": account } },
});

function writeQueuePolicy(
  scope: Construct,
  id: string,
  queue: CfnQueue,
  senders: readonly Statement[],
): void {
  const tlsOnly: Statement = {
    Sid: "TlsOnly",
    Effect: "Deny",
    Principal: { AWS: "*" },
    Action: ["sqs:*"],
    Resource: [queue.attrArn],
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  };
  new CfnQueuePolicy(scope, id, {
    queues: [Fn.ref(queue.logicalId)],
    policyDocument: policyDocument([tlsOnly, ...senders]),
  });
}
