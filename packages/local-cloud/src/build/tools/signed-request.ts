/**
 * Sends a signed HTTP request to an AWS service. The code is small, because the tool starts for every
 * command.
 */
import { createHash, createHmac } from "node:crypto";
import type { ToolContext } from "./tool.ts";

type Answer = { readonly status: number; readonly text: string };

const digest = (data: string): string => createHash("sha256").update(data).digest("hex");
const sign = (key: string | Buffer, data: string): Buffer => createHmac("sha256", key).update(data).digest();

/** `path` is already encoded. */
export async function signedRequest(
  { environment }: ToolContext,
  request: {
    readonly service: string;
    readonly method: string;
    readonly path: string;
    readonly body?: string;
    readonly headers?: Readonly<Record<string, string>>;
  },
): Promise<Answer> {
  const { service, method, path, body = "" } = request;
  const region = environment["AWS_REGION"] ?? environment["AWS_DEFAULT_REGION"] ?? "";
  const url = new URL(
    `${environment["AWS_ENDPOINT_URL"] ?? `https://${service}.${region}.amazonaws.com`}${path}`,
  );
  const time = new Date().toISOString().replace(/[-:]|\.\d+/g, "");
  const headers: Record<string, string> = {
    host: url.host,
    "x-amz-content-sha256": digest(body),
    "x-amz-date": time,
    ...(environment["AWS_SESSION_TOKEN"] && { "x-amz-security-token": environment["AWS_SESSION_TOKEN"] }),
    ...request.headers,
  };
  const names = Object.keys(headers).sort();
  const signed = names.join(";");
  const canonical = [
    method,
    url.pathname,
    url.searchParams.toString(),
    ...names.map((name) => `${name}:${headers[name]}`),
    "",
    signed,
    digest(body),
  ].join("\n");
  const scope = `${time.slice(0, 8)}/${region}/${service}/aws4_request`;
  const key = scope
    .split("/")
    .reduce<string | Buffer>(
      (last, part) => sign(last, part),
      `AWS4${environment["AWS_SECRET_ACCESS_KEY"] ?? ""}`,
    );
  const signature = sign(key, ["AWS4-HMAC-SHA256", time, scope, digest(canonical)].join("\n")).toString(
    "hex",
  );
  const { host: _, ...sent } = headers; // fetch sets it
  const response = await fetch(url, {
    method,
    headers: {
      ...sent,
      authorization: `AWS4-HMAC-SHA256 Credential=${environment["AWS_ACCESS_KEY_ID"] ?? ""}/${scope}, SignedHeaders=${signed}, Signature=${signature}`,
    },
    ...(body !== "" && { body: Buffer.from(body) }),
  });
  return { status: response.status, text: await response.text() };
}
