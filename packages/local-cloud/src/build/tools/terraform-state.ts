/**
 * Reads and writes Terraform's state in its S3 backend with the caller's own credentials. One writer works
 * at a time.
 */
import { randomUUID } from "node:crypto";
import { signedRequest } from "./signed-request.ts";
import type { Resource } from "./terraform-config.ts";
import { type ToolContext, ToolFailure } from "./tool.ts";

export type State = {
  readonly version: 4;
  readonly serial: number;
  readonly lineage: string;
  readonly resources: readonly Resource[];
};

export type Backend = Readonly<Record<string, string>>;

const encoded = (path: string): string =>
  path
    .split("/")
    .map((part) =>
      encodeURIComponent(part).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`),
    )
    .join("/");

async function call(
  context: ToolContext,
  { bucket = "", key = "" }: Backend,
  method: string,
  options: {
    readonly suffix?: string;
    readonly body?: string;
    readonly headers?: Record<string, string>;
  } = {},
): Promise<{ readonly status: number; readonly text: string }> {
  const path = `/${bucket}/${encoded(key + (options.suffix ?? ""))}`;
  const answer = await signedRequest(context, { service: "s3", method, path, ...options });
  if (answer.status < 300 || [404, 412].includes(answer.status)) return answer;
  const reason = /<Message>([^<]*)</.exec(answer.text)?.[1] ?? `status ${answer.status}`;
  throw new ToolFailure(
    `Error ${method === "GET" ? "loading" : "saving"} state s3://${bucket}/${key}: ${reason}`,
  );
}

/** A state that was never written is empty. */
export async function readState(context: ToolContext, backend: Backend): Promise<State> {
  const { status, text } = await call(context, backend, "GET");
  if (status === 404 && text.includes("NoSuchBucket"))
    throw new ToolFailure(`S3 bucket "${backend["bucket"]}" does not exist.`);
  if (status === 404) return { version: 4, serial: 0, lineage: randomUUID(), resources: [] };
  return JSON.parse(text) as State;
}

export async function writeState(context: ToolContext, backend: Backend, state: State): Promise<void> {
  const headers: Record<string, string> = {
    "content-type": "application/json",
    ...(backend["encrypt"] === "true" && { "x-amz-server-side-encryption": "AES256" }),
  };
  await call(context, backend, "PUT", { body: JSON.stringify(state, undefined, 2), headers });
}

/** Holds the state's lock during `work`. The embedded cloud has no lock tables, and the tool reports that. */
export async function locked<Done>(
  context: ToolContext,
  backend: Backend,
  work: () => Promise<Done>,
): Promise<Done> {
  const table = backend["dynamodb_table"];
  if (table !== undefined) context.say(`recorded: the lock in table ${table} was not taken.`);
  if (backend["use_lockfile"] !== "true") return work();
  const lock = { suffix: ".tflock", body: JSON.stringify({ ID: randomUUID(), Path: backend["key"] }) };
  const { status } = await call(context, backend, "PUT", { ...lock, headers: { "if-none-match": "*" } });
  if (status === 412) throw new ToolFailure("Error acquiring the state lock: another process holds it.");
  try {
    return await work();
  } finally {
    await call(context, backend, "DELETE", { suffix: lock.suffix });
  }
}
