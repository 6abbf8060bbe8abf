/**
 * These operations read and set a bucket's notification configuration. Each destination is tested before S3
 * stores the configuration.
 */
import { randomUUID } from "node:crypto";
import type { NotificationConfiguration } from "@aws-sdk/client-s3";
import { Event } from "@aws-sdk/client-s3";
import { AwsError } from "#cloud/kernel/aws-error.ts";
import { servicePrincipal } from "#cloud/kernel/principal.ts";
import { invalidArgument, malformedXml } from "./errors.ts";
import { bucketArn, findBucket, onBucket } from "./find-bucket.ts";
import { type Destination, deliver, destinationsOf } from "./notify-destinations.ts";
import { type Bucket, globalStateOf, type S3Call, type S3Operation } from "./state.ts";

const KINDS = {
  QueueConfigurations: "sqs",
  TopicConfigurations: "sns",
  LambdaFunctionConfigurations: "lambda",
} as const;

export const getBucketNotificationConfiguration: S3Operation<"GetBucketNotificationConfiguration"> = {
  access: onBucket("GetBucketNotification"),
  run: (input, call) => findBucket(input, call).notifications,
};

export const putBucketNotificationConfiguration: S3Operation<"PutBucketNotificationConfiguration"> = {
  access: onBucket("PutBucketNotification"),
  run: async (input, call) => {
    const asked = withIds(input.NotificationConfiguration ?? {});
    checkShape(asked);
    const before = findBucket(input, call);
    if (!input.SkipDestinationValidation) await tryDestinations(destinationsOf(asked), before, call);
    const bucket = findBucket(input, call);
    globalStateOf(call).buckets.set(bucket.name, { ...bucket, notifications: asked });
    return {};
  },
};

function withIds(config: NotificationConfiguration): NotificationConfiguration {
  const named = <Item extends { Id?: string | undefined }>(items: readonly Item[] | undefined): Item[] =>
    (items ?? []).map((item) => ({ ...item, Id: item.Id ?? randomUUID() }));
  const { EventBridgeConfiguration: bridge, QueueConfigurations, TopicConfigurations } = config;
  return {
    ...(bridge !== undefined && { EventBridgeConfiguration: {} }),
    ...(QueueConfigurations?.length && { QueueConfigurations: named(QueueConfigurations) }),
    ...(TopicConfigurations?.length && { TopicConfigurations: named(TopicConfigurations) }),
    ...(config.LambdaFunctionConfigurations?.length && {
      LambdaFunctionConfigurations: named(config.LambdaFunctionConfigurations),
    }),
  };
}

function checkShape(config: NotificationConfiguration): void {
  for (const [member, service] of Object.entries(KINDS)) {
    const part = destinationsOf({ [member]: config[member as keyof typeof KINDS] });
    for (const { arn, events, filter } of part) {
      if (!arn.startsWith(`arn:aws:${service}:`) || arn.endsWith(".fifo"))
        throw invalidArgument("The ARN is not well formed", "ARN", arn);
      if (events.length === 0) throw malformedXml();
      for (const event of events)
        if (!(Object.values(Event) as string[]).includes(event))
          throw invalidArgument("A specified event is not supported for notifications.", "Event", event);
      const names = (filter?.Key?.FilterRules ?? []).map(({ Name }) => Name?.toLowerCase());
      if (names.some((name) => name !== "prefix" && name !== "suffix"))
        throw invalidArgument(
          "filter rule name must be either prefix or suffix",
          "FilterRule.Name",
          names.join(","),
        );
      if (new Set(names).size < names.length)
        throw invalidArgument(
          "Cannot specify more than one prefix or suffix rule in a filter.",
          "FilterRule",
        );
    }
  }
  const all = destinationsOf(config);
  if (new Set(all.map(({ id }) => id)).size < all.length)
    throw invalidArgument("Same ID used for multiple configurations. IDs must be unique", "Id");
  for (const [index, one] of all.entries())
    for (const other of all.slice(index + 1))
      if (overlap(one, other))
        throw invalidArgument(
          "Configurations overlap. Configurations on the same bucket cannot share a common event type.",
        );
}

const overlap = (one: Destination, other: Destination): boolean => {
  const shareEvent = one.events.some((left) =>
    other.events.some((right) => left === right || within(left, right) || within(right, left)),
  );
  const rule = (destination: Destination, name: string): string =>
    destination.filter?.Key?.FilterRules?.find((item) => item.Name?.toLowerCase() === name)?.Value ?? "";
  const [p, q] = [rule(one, "prefix"), rule(other, "prefix")];
  const [s, t] = [rule(one, "suffix"), rule(other, "suffix")];
  return shareEvent && (p.startsWith(q) || q.startsWith(p)) && (s.endsWith(t) || t.endsWith(s));
};

const within = (wide: string, narrow: string): boolean =>
  wide.endsWith("*") && narrow.startsWith(wide.slice(0, -1));

/**
 * Queues and topics get the message `s3:TestEvent` (S3 User Guide, "Event message structure"). For a
 * function only the permission is checked.
 */
async function tryDestinations(
  destinations: readonly Destination[],
  bucket: Bucket,
  call: S3Call,
): Promise<void> {
  const test = JSON.stringify({
    Service: "Amazon S3",
    Event: "s3:TestEvent",
    Time: call.clock.now().toISOString(),
    Bucket: bucket.name,
    RequestId: call.requestId,
    HostId: call.requestId,
  });
  for (const { arn } of destinations) {
    const [, , service = "", region = "", account = ""] = arn.split(":");
    try {
      if (service !== "lambda") await deliver(arn, test, bucket, call);
      else
        await call.cloud.invoke({
          service,
          operation: "Invoke",
          input: { FunctionName: arn, InvocationType: "DryRun" },
          principal: servicePrincipal("s3.amazonaws.com", {
            sourceAccount: bucket.account,
            sourceArn: bucketArn(bucket.name),
          }),
          account,
          region,
        });
    } catch (cause) {
      if (!(cause instanceof AwsError)) throw cause;
      throw new AwsError(
        "InvalidArgument",
        "Unable to validate the following destination configurations",
        400,
        {
          ArgumentName: arn,
          ArgumentValue: cause.message,
        },
      );
    }
  }
}
