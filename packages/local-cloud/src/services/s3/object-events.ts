/**
 * Emits the event of a changed object to EventBridge, if the bucket enables it, and to the bucket's other
 * destinations.
 */

import { bucketArn } from "./find-bucket.ts";
import { notifyDestinations } from "./notify-destinations.ts";
import type { ObjectEvent } from "./object-event.ts";
import { requesterOf } from "./owner.ts";
import type { Bucket, S3Call } from "./state.ts";

/** The MD5 of no bytes. S3 sends it with a delete marker. */
const EMPTY_MD5 = "d41d8cd98f00b204e9800998ecf8427e";

const DETAIL_TYPES = {
  created: "Object Created",
  marked: "Object Deleted",
  deleted: "Object Deleted",
  tagged: "Object Tags Added",
  untagged: "Object Tags Deleted",
} as const;

export function emitEvent(event: ObjectEvent, bucket: Bucket, call: S3Call): void {
  if (bucket.notifications.EventBridgeConfiguration !== undefined) {
    call.cloud.emit({
      source: "aws.s3",
      detailType: DETAIL_TYPES[event.kind],
      resources: [bucketArn(bucket.name)],
      account: bucket.account,
      region: bucket.region,
      detail: detailOf(event, bucket, call),
    });
  }
  notifyDestinations(event, bucket, call);
}

function detailOf(event: ObjectEvent, bucket: Bucket, call: S3Call): unknown {
  const { version, sequence } = event.version;
  const { content } = version;
  const lifecycle = "reason" in event && event.reason === "Lifecycle Expiration";
  const etag = event.kind === "marked" ? EMPTY_MD5 : event.kind === "deleted" ? undefined : content?.etag;
  return {
    version: "0",
    bucket: { name: bucket.name },
    object: {
      key: version.key,
      ...(event.kind === "created" && { size: content?.size }),
      ...(etag !== undefined && { etag }),
      ...(bucket.versioning !== undefined && { "version-id": version.versionId }),
      ...("reason" in event && { sequencer: sequence }),
    },
    "request-id": call.requestId,
    requester: lifecycle ? "s3.amazonaws.com" : requesterOf(call.principal),
    ...(!lifecycle && { "source-ip-address": call.sourceIp }),
    ...("reason" in event && { reason: event.reason }),
    ...(event.kind === "marked" && { "deletion-type": "Delete Marker Created" }),
    ...(event.kind === "deleted" && { "deletion-type": "Permanently Deleted" }),
  };
}
