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
};

/** Undefined for anything but a new version of an object. */
export function uploadIn({ source, time, detail, ...event }: BusEvent): UploadEvent | undefined {
  if (source !== "aws.s3" || event["detail-type"] !== "Object Created") return undefined;
  const bucket = textAt(detail, "bucket", "name");
  const key = textAt(detail, "object", "key");
  const versionId = textAt(detail, "object", "version-id");
  if (bucket === undefined || key === undefined || versionId === undefined) return undefined;
  return { bucket, key, versionId, at: time };
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
