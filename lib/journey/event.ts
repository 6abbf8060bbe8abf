/** Reads the fields of AWS events that Kedge uses. An event bus can deliver any event. */
import type { Line } from "#release/names/key.ts";

export type BusEvent = {
  readonly id: string;
  readonly source: string;
  readonly "detail-type": string;
  readonly account: string;
  readonly time: string;
  readonly detail: Readonly<Record<string, unknown>>;
};

export type UploadEvent = {
  readonly bucket: string;
  readonly key: string;
  readonly versionId: string;
  readonly at: string;
  /** The uploader. S3's own notifications name it, and EventBridge's events do not. */
  readonly principalId?: string;
};

/**
 * Reads the uploads in a message of the intake queue: a notification of S3, or an event of EventBridge, which may be
 * in the queue during an upgrade. Any other message, such as S3's test of the queue, has none.
 */
export function uploadsIn(body: unknown): readonly UploadEvent[] {
  const records = typeof body === "object" && body !== null && "Records" in body ? body.Records : undefined;
  if (Array.isArray(records)) return records.flatMap((record: unknown) => notified(record) ?? []);
  const event = emitted(body);
  return event === undefined ? [] : [event];
}

/** S3 encodes keys as HTML forms do (S3 User Guide, "Event message structure"). */
function notified(record: unknown): UploadEvent | undefined {
  if (!textAt(record, "eventName")?.startsWith("ObjectCreated:")) return undefined;
  const bucket = textAt(record, "s3", "bucket", "name");
  const key = textAt(record, "s3", "object", "key");
  const versionId = textAt(record, "s3", "object", "versionId");
  const at = textAt(record, "eventTime");
  if (bucket === undefined || key === undefined || versionId === undefined || at === undefined)
    return undefined;
  const principalId = textAt(record, "userIdentity", "principalId");
  return {
    ...{ bucket, key: decodeURIComponent(key.replaceAll("+", " ")), versionId, at },
    ...(principalId !== undefined && { principalId }),
  };
}

function emitted(event: unknown): UploadEvent | undefined {
  if (textAt(event, "source") !== "aws.s3" || textAt(event, "detail-type") !== "Object Created")
    return undefined;
  const bucket = textAt(event, "detail", "bucket", "name");
  const key = textAt(event, "detail", "object", "key");
  const versionId = textAt(event, "detail", "object", "version-id");
  if (bucket === undefined || key === undefined || versionId === undefined) return undefined;
  return { bucket, key, versionId, at: textAt(event, "time") ?? "" };
}

/** The line of a request to reconcile it; undefined for any other body. */
export function reconcileRequestIn(body: unknown): Line | undefined {
  const account = textAt(body, "look", "account");
  const app = textAt(body, "look", "app");
  const branch = textAt(body, "look", "branch");
  return account === undefined || app === undefined || branch === undefined
    ? undefined
    : { account, app, branch };
}

export const reconcileRequest = (line: Line): string => JSON.stringify({ look: line });

export function textAt(value: unknown, ...path: readonly string[]): string | undefined {
  const found = path.reduce<unknown>(
    (inner, step) =>
      typeof inner === "object" && inner !== null ? (inner as Record<string, unknown>)[step] : undefined,
    value,
  );
  return typeof found === "string" ? found : undefined;
}
