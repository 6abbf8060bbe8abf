/**
 * Creates the address to which custom resources and wait conditions answer: as in AWS, a presigned S3 URL
 * into a bucket of CloudFormation's own. The bucket belongs to an account that has no other use.
 */
import { createHash, createHmac } from "node:crypto";
import type { Readable } from "node:stream";
import { isAwsError } from "#cloud/kernel/aws-error.ts";
import type { Cloud } from "#cloud/kernel/cloud-type.ts";
import { accountRoot } from "#cloud/kernel/principal.ts";

const owner = "000000000000";

export const responseBucket = (region: string): string =>
  `cloudformation-custom-resource-response-${region.replaceAll("-", "")}`;

export async function openResponseBucket(cloud: Cloud, region: string): Promise<void> {
  await cloud
    .invoke({
      service: "s3",
      operation: "CreateBucket",
      input: {
        Bucket: responseBucket(region),
        ...(region === "us-east-1" ? {} : { CreateBucketConfiguration: { LocationConstraint: region } }),
      },
      principal: accountRoot(owner),
      region,
    })
    .catch((error: unknown) => {
      if (!isAwsError(error, "BucketAlreadyOwnedByYou", "BucketAlreadyExists")) throw error;
    });
}

const hmac = (key: string | Buffer, text: string): Buffer => createHmac("sha256", key).update(text).digest();
const encode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`);

/** Returns a PUT URL for one object, valid for twelve hours. */
export function responseUrl(cloud: Cloud, region: string, key: string, now: Date): string {
  const endpoint = new URL(cloud.endpoint());
  const stamp = now.toISOString().replace(/[-:]|\.\d{3}/g, "");
  const scope = `${stamp.slice(0, 8)}/${region}/s3/aws4_request`;
  const path = `/${responseBucket(region)}/${key.split("/").map(encode).join("/")}`;
  const query = [
    ["X-Amz-Algorithm", "AWS4-HMAC-SHA256"],
    ["X-Amz-Credential", `${owner}/${scope}`],
    ["X-Amz-Date", stamp],
    ["X-Amz-Expires", "43200"],
    ["X-Amz-SignedHeaders", "host"],
  ]
    .map(([name = "", value = ""]) => `${name}=${encode(value)}`)
    .join("&");
  const canonical = ["PUT", path, query, `host:${endpoint.host}`, "", "host", "UNSIGNED-PAYLOAD"].join("\n");
  const toSign = [
    "AWS4-HMAC-SHA256",
    stamp,
    scope,
    createHash("sha256").update(canonical).digest("hex"),
  ].join("\n");
  const signing = scope
    .split("/")
    .reduce<Buffer | string>((from, part) => hmac(from, part), `AWS4${cloud.signingSecret}`);
  return `${endpoint.origin}${path}?${query}&X-Amz-Signature=${createHmac("sha256", signing).update(toSign).digest("hex")}`;
}

/** Returns the answer, or undefined until it has arrived. */
export async function readResponse(cloud: Cloud, region: string, key: string): Promise<string | undefined> {
  try {
    const found = await cloud.invoke<{ Body?: Readable }>({
      service: "s3",
      operation: "GetObject",
      input: { Bucket: responseBucket(region), Key: key },
      principal: accountRoot(owner),
      region,
    });
    const chunks: Buffer[] = [];
    for await (const chunk of found.Body ?? []) chunks.push(Buffer.from(chunk as Uint8Array));
    return Buffer.concat(chunks).toString();
  } catch (error) {
    if (isAwsError(error, "NoSuchKey", "NotFound", "NoSuchBucket")) return undefined;
    throw error;
  }
}
