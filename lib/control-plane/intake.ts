/**
 * Connects uploads to their anchors: the bucket's events, the intake queue, and the Lambda that routes them.
 */
import { CfnRule } from "aws-cdk-lib/aws-events";
import type { CfnBucket } from "aws-cdk-lib/aws-s3";
import { Asset } from "aws-cdk-lib/aws-s3-assets";
import type { Construct } from "constructs";
import { bucketArn } from "#constructs/bucket.ts";
import { consume, lambda, pollQueue } from "#constructs/lambda.ts";
import { deadLetters, ruleMaySend, workQueue } from "#constructs/queue.ts";
import { allow } from "#constructs/statements.ts";
import {
  artifactBucket,
  folders,
  functions,
  lineQueues,
  queues,
  registryBucket,
  rules,
} from "#release/names/deployed-names.ts";
import type { ControlPlaneEstate, LambdaBundle } from "./properties.ts";

const routeSeconds = 30;

export function intake(
  scope: Construct,
  props: { readonly estate: ControlPlaneEstate; readonly route: LambdaBundle; readonly artifacts: CfnBucket },
): void {
  const { estate } = props;
  const artifactsName = artifactBucket(estate.central, estate.region);
  const registryName = registryBucket(estate.central, estate.region);
  // The rule's ARN is computed from its name, so queue and rule have no cycle.
  const ruleArn = `arn:aws:events:${estate.region}:${estate.central}:rule/${rules.intake}`;
  const lost = deadLetters(scope, "IntakeDeadLetters", {
    name: queues.intakeDeadLetters,
    holds: "Uploads that reached no anchor. Upload again, or move the message back to the intake queue.",
    senders: (queueArn) => [ruleMaySend(ruleArn, queueArn)],
  });
  const queue = workQueue(scope, "Intake", {
    name: queues.intake,
    deadLetters: lost,
    visibilitySeconds: 6 * routeSeconds, // Lambda's guide asks for five
    maxReceives: 5,
    senders: (queueArn) => [ruleMaySend(ruleArn, queueArn)],
  });
  new CfnRule(scope, "Uploads", {
    name: rules.intake,
    description: "A new object in the artifact bucket that is not a result",
    state: "ENABLED",
    eventPattern: {
      source: ["aws.s3"],
      "detail-type": ["Object Created"],
      detail: {
        bucket: { name: [props.artifacts.ref] },
        object: { key: [{ "anything-but": { prefix: folders.results } }] },
      },
    },
    targets: [
      {
        id: queues.intake,
        arn: queue.attrArn,
        retryPolicy: { maximumEventAgeInSeconds: 86_400, maximumRetryAttempts: 185 },
        deadLetterConfig: { arn: lost.arn },
      },
    ],
  });

  const code = new Asset(scope, "RouteCode", { path: props.route.zip });
  const route = lambda(scope, "Route", {
    name: functions.route,
    description: "Derives the line of an upload from its key, and sends the upload to the line's anchor",
    code: { s3Bucket: code.s3BucketName, s3Key: code.s3ObjectKey },
    memory: 256,
    timeoutSeconds: routeSeconds,
    environment: {
      CENTRAL_ACCOUNT: estate.central,
      ARTIFACT_BUCKET: artifactsName,
      REGISTRY_BUCKET: registryName,
    },
    grants: [
      consume(queue.attrArn),
      allow(["s3:GetObject"], [`${bucketArn(registryName)}/${folders.estate}*`], {
        because: "The folder of the published estate file.",
      }),
      allow(["s3:PutObject"], [`${bucketArn(artifactsName)}/${folders.results}*`], {
        because: "The result of an upload with an invalid key. Such a key can be any text.",
      }),
      ...(estate.anchors.length === 0
        ? []
        : [
            allow(
              ["sqs:SendMessage"],
              estate.anchors.flatMap(({ account, region }) =>
                Object.values(lineQueues).map((name) => `arn:aws:sqs:${region}:${account}:${name}`),
              ),
            ),
          ]),
    ],
  });
  pollQueue(scope, "RouteUploads", { queue, lambda: route.lambda, batchSize: 10, maxConcurrency: 20 });
}
