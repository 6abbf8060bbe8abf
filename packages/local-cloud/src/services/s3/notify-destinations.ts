/**
 * Sends event notifications to the queues, topics and functions of the bucket's configuration whose events
 * and filters match.
 */
import type { Event, NotificationConfiguration, NotificationConfigurationFilter } from "@aws-sdk/client-s3";
import { type Principal, servicePrincipal } from "#cloud/kernel/principal.ts";
import { bucketArn } from "./find-bucket.ts";
import type { ObjectEvent } from "./object-event.ts";
import { ownerOf } from "./owner.ts";
import type { Bucket, S3Call } from "./state.ts";

export type Destination = {
  readonly id: string;
  readonly arn: string;
  readonly events: readonly Event[];
  readonly filter: NotificationConfigurationFilter | undefined;
};

export const destinationsOf = (config: NotificationConfiguration): readonly Destination[] =>
  [
    ...(config.QueueConfigurations ?? []).map(({ QueueArn: arn, ...rest }) => ({ arn, ...rest })),
    ...(config.TopicConfigurations ?? []).map(({ TopicArn: arn, ...rest }) => ({ arn, ...rest })),
    ...(config.LambdaFunctionConfigurations ?? []).map(({ LambdaFunctionArn: arn, ...rest }) => ({
      arn,
      ...rest,
    })),
  ].map(({ arn = "", Id = "", Events = [], Filter }) => ({ id: Id, arn, events: Events, filter: Filter }));

export function notifyDestinations(event: ObjectEvent, bucket: Bucket, call: S3Call): void {
  const name = eventName(event);
  const { key } = event.version.version;
  for (const destination of destinationsOf(bucket.notifications)) {
    if (!destination.events.some((wanted) => covers(wanted, name)) || !passes(destination.filter, key))
      continue;
    const message = JSON.stringify({ Records: [recordOf(event, name, destination, bucket, call)] });
    call.cloud.spawn(`s3: notification of ${bucket.name} to ${destination.arn}`, () =>
      deliver(destination.arn, message, bucket, call),
    );
  }
}

function eventName(event: ObjectEvent): string {
  if (!("reason" in event)) return `ObjectTagging:${event.kind === "tagged" ? "Put" : "Delete"}`;
  if (event.kind === "created")
    return `ObjectCreated:${{ PutObject: "Put", "POST Object": "Post", CopyObject: "Copy" }[event.reason] ?? event.reason}`;
  const cause = event.reason === "Lifecycle Expiration" ? "LifecycleExpiration" : "ObjectRemoved";
  return `${cause}:${event.kind === "marked" ? "DeleteMarkerCreated" : "Delete"}`;
}

const covers = (wanted: string, name: string): boolean =>
  wanted.endsWith("*") ? `s3:${name}`.startsWith(wanted.slice(0, -1)) : wanted === `s3:${name}`;

const passes = (filter: NotificationConfigurationFilter | undefined, key: string): boolean =>
  (filter?.Key?.FilterRules ?? []).every(({ Name, Value = "" }) =>
    Name?.toLowerCase() === "suffix" ? key.endsWith(Value) : key.startsWith(Value),
  );

/** Keys are encoded as in HTML forms: a space is `+`. */
const encodeKey = (key: string): string =>
  encodeURIComponent(key)
    .replace(/[!'()~]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll("%20", "+")
    .replaceAll("%2F", "/");

function recordOf(
  event: ObjectEvent,
  name: string,
  destination: Destination,
  bucket: Bucket,
  call: S3Call,
): unknown {
  const { version, sequence } = event.version;
  const { content } = version;
  const { principal } = call;
  return {
    eventVersion: "2.1",
    eventSource: "aws:s3",
    awsRegion: bucket.region,
    eventTime: call.clock.now().toISOString(),
    eventName: name,
    userIdentity: {
      principalId:
        principal.kind === "role"
          ? `AWS:${principal.userId}`
          : principal.kind === "anonymous"
            ? "Anonymous"
            : principal.kind === "service"
              ? principal.service
              : principal.account,
    },
    requestParameters: { sourceIPAddress: call.sourceIp },
    responseElements: { "x-amz-request-id": call.requestId, "x-amz-id-2": call.requestId },
    s3: {
      s3SchemaVersion: "1.0",
      configurationId: destination.id,
      bucket: {
        name: bucket.name,
        ownerIdentity: { principalId: ownerOf(bucket.account).ID },
        arn: bucketArn(bucket.name),
      },
      object: {
        key: encodeKey(version.key),
        ...(event.kind !== "deleted" &&
          event.kind !== "marked" && { size: content?.size, eTag: content?.etag }),
        ...(event.kind === "marked" && { eTag: "d41d8cd98f00b204e9800998ecf8427e" }),
        ...(bucket.versioning !== undefined && { versionId: version.versionId }),
        sequencer: sequence,
      },
    },
  };
}

/** Sends `message` as S3 for the bucket. The destination's policy decides. */
export async function deliver(
  arn: string,
  message: string,
  bucket: Bucket,
  call: Pick<S3Call, "cloud">,
): Promise<void> {
  const [, , service = "", region = "", account = "", resource = ""] = arn.split(":");
  const principal: Principal = servicePrincipal("s3.amazonaws.com", {
    sourceAccount: bucket.account,
    sourceArn: bucketArn(bucket.name),
  });
  const send = (operation: string, input: object): Promise<unknown> =>
    call.cloud.invoke({ service, operation, input, principal, account, region });
  if (service === "sqs")
    await send("SendMessage", {
      QueueUrl: `${call.cloud.endpoint()}/${account}/${resource}`,
      MessageBody: message,
    });
  else if (service === "sns")
    await send("Publish", { TopicArn: arn, Subject: "Amazon S3 Notification", Message: message });
  else await send("Invoke", { FunctionName: arn, InvocationType: "Event", Payload: Buffer.from(message) });
}
