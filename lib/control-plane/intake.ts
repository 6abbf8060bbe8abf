/**
 * Connects uploads to their anchors: the intake queue, which receives the bucket's notifications, and the Lambda
 * that routes them.
 */
import type { CfnBucket } from "aws-cdk-lib/aws-s3";
import { Asset } from "aws-cdk-lib/aws-s3-assets";
import type { CfnQueue, CfnQueuePolicy } from "aws-cdk-lib/aws-sqs";
import type { Construct } from "constructs";
import { bucketArn } from "#constructs/bucket.ts";
import { consume, lambda, pollQueue } from "#constructs/lambda.ts";
import { bucketMaySend, deadLetters, workQueue } from "#constructs/queue.ts";
import { allow } from "#constructs/statements.ts";
import {
  artifactBucket,
  folders,
  functions,
  lineQueuePrefix,
  queues,
  registryBucket,
} from "#release/names/deployed-names.ts";
import type { ControlPlaneEstate, LambdaBundle } from "./properties.ts";

const routeSeconds = 30;

/** S3 tests the queue when it gets the bucket's notifications, so the queue and its policy come before the bucket. */
export function intakeQueue(
  scope: Construct,
  estate: ControlPlaneEstate,
): { readonly queue: CfnQueue; readonly before: (bucket: CfnBucket) => void } {
  const lost = deadLetters(scope, "IntakeDeadLetters", {
    name: queues.intakeDeadLetters,
    holds: "Uploads that reached no anchor. Upload again, or move the message back to the intake queue.",
  });
  // The bucket's ARN is computed from its name, so queue and bucket have no cycle.
  const uploads = bucketArn(artifactBucket(estate.central, estate.region));
  const queue = workQueue(scope, "Intake", {
    name: queues.intake,
    deadLetters: lost,
    visibilitySeconds: 6 * routeSeconds, // Lambda's guide asks for five
    maxReceives: 5,
    senders: (queueArn) => [bucketMaySend(uploads, queueArn, estate.central)],
  });
  const policy = scope.node.findChild("IntakePolicy") as CfnQueuePolicy;
  return { queue, before: (bucket) => bucket.addResourceDependency(policy) };
}

export function intake(
  scope: Construct,
  props: {
    readonly estate: ControlPlaneEstate;
    readonly route: LambdaBundle;
    readonly queue: CfnQueue;
  },
): void {
  const { estate, queue } = props;
  const artifactsName = artifactBucket(estate.central, estate.region);
  const registryName = registryBucket(estate.central, estate.region);
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
      allow(["s3:PutObject"], [`${bucketArn(artifactsName)}/${folders.uploads}*`], {
        because: "The records of uploads mirror the keys of uploads.",
      }),
      allow(["s3:GetObject", "s3:PutObject"], [`${bucketArn(artifactsName)}/${folders.people}*`], {
        because: "The ids and names of persons, below the account of their anchor.",
      }),
      ...(estate.anchors.length === 0
        ? []
        : [
            allow(
              ["sqs:SendMessage"],
              [...new Set(estate.anchors.map(({ region }) => region))].map(
                (region) => `arn:aws:sqs:${region}:*:${lineQueuePrefix}*`,
              ),
              {
                when: {
                  StringEquals: { "aws:ResourceAccount": estate.anchors.map(({ account }) => account) },
                },
                because: "The line queues of the anchors. The condition lists their accounts.",
              },
            ),
          ]),
    ],
  });
  pollQueue(scope, "RouteUploads", { queue, lambda: route.lambda, batchSize: 10, maxConcurrency: 20 });
}
