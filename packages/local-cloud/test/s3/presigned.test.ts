import { createHash, createHmac } from "node:crypto";
import {
  CreateBucketCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { describe, expect, it } from "vitest";
import { testCloud } from "#cloud/testing/cloud.ts";
import { assume, createRole } from "#test/iam/identities.ts";

const OWNER = "111111111111";
const Bucket = "a-bucket";

async function signer() {
  const cloud = await testCloud();
  const s3 = cloud.client(S3Client, OWNER);
  await s3.send(new CreateBucketCommand({ Bucket }));
  await s3.send(new PutObjectCommand({ Bucket, Key: "a b/ü", Body: "content" }));
  const allows = [{ Effect: "Allow", Action: "s3:GetObject", Resource: `arn:aws:s3:::${Bucket}/*` }];
  const credentials = await assume(cloud, OWNER, await createRole(cloud, OWNER, "signer", { allows }));
  return { cloud, s3, credentials, [Symbol.asyncDispose]: () => cloud[Symbol.asyncDispose]() };
}
type Credentials = Awaited<ReturnType<typeof signer>>["credentials"];

const hmac = (key: string | Buffer, text: string): Buffer => createHmac("sha256", key).update(text).digest();

/** Returns a URL as AWS describes them, signed for `seconds` from `at` on. */
function urlOf(
  endpoint: string,
  { accessKeyId, secretAccessKey, sessionToken }: Credentials,
  at: Date,
  seconds: number,
) {
  const date = at.toISOString().replace(/[-:]|\.\d+/g, "");
  const scope = `${date.slice(0, 8)}/us-east-1/s3/aws4_request`;
  const path = `/${Bucket}/a%20b/%C3%BC`;
  const query = Object.entries({
    "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
    "X-Amz-Credential": `${accessKeyId}/${scope}`,
    "X-Amz-Date": date,
    "X-Amz-Expires": String(seconds),
    "X-Amz-Security-Token": sessionToken ?? "",
    "X-Amz-SignedHeaders": "host",
  })
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join("&");
  const canonical = `GET\n${path}\n${query}\nhost:${new URL(endpoint).host}\n\nhost\nUNSIGNED-PAYLOAD`;
  const digest = createHash("sha256").update(canonical).digest("hex");
  const key = ["us-east-1", "s3", "aws4_request"].reduce(
    hmac,
    hmac(`AWS4${secretAccessKey}`, date.slice(0, 8)),
  );
  const signature = hmac(key, `AWS4-HMAC-SHA256\n${date}\n${scope}\n${digest}`).toString("hex");
  return `${endpoint}${path}?${query}&X-Amz-Signature=${signature}`;
}

describe("a signed URL", () => {
  it("reads as its signer until it expires, and not when it was changed", async () => {
    await using at = await signer();
    const url = urlOf(at.cloud.endpoint, at.credentials, new Date(), 60);
    expect(await (await fetch(url)).text()).toBe("content");
    const changed = await fetch(url.replace("Expires=60", "Expires=600"));
    expect([changed.status, await changed.text()]).toEqual([
      403,
      expect.stringContaining("SignatureDoesNotMatch"),
    ]);
    const late = await fetch(urlOf(at.cloud.endpoint, at.credentials, new Date(Date.now() - 120_000), 60));
    expect([late.status, await late.text()]).toEqual([403, expect.stringContaining("Request has expired")]);
  });

  it("may be of the second version, as older clients make them", async () => {
    await using at = await signer();
    const { accessKeyId, secretAccessKey, sessionToken = "" } = at.credentials;
    const path = `/${Bucket}/a%20b/%C3%BC`;
    const sign = (expires: number): string => {
      const text = `GET\n\n\n${expires}\nx-amz-security-token:${sessionToken}\n${path}`;
      const signature = createHmac("sha1", secretAccessKey).update(text).digest("base64");
      const query = new URLSearchParams({
        AWSAccessKeyId: accessKeyId,
        Signature: signature,
        Expires: String(expires),
        "x-amz-security-token": sessionToken,
      });
      return `${at.cloud.endpoint}${path}?${query}`;
    };
    const now = Math.floor(Date.now() / 1000);
    expect(await (await fetch(sign(now + 60))).text()).toBe("content");
    expect((await fetch(sign(now - 1))).status).toBe(403);
    expect((await fetch(sign(now + 60).replace(/Signature=../, "Signature=xx"))).status).toBe(403);
  });

  it("carries the metadata and tags of the upload in its query", async () => {
    await using at = await signer();
    const expires = Math.floor(Date.now() / 1000) + 60;
    const said = { "x-amz-meta-venue": "123", "x-amz-tagging": "a=b" };
    const headers = Object.entries(said).map(([name, value]) => `${name}:${value}\n`);
    const text = `PUT\n\n\n${expires}\n${headers.join("")}/${Bucket}/k`;
    const Signature = createHmac("sha1", "any").update(text).digest("base64");
    const query = new URLSearchParams({
      AWSAccessKeyId: OWNER,
      Signature,
      Expires: String(expires),
      ...said,
    });
    const body = Buffer.from("x");
    expect((await fetch(`${at.cloud.endpoint}/${Bucket}/k?${query}`, { method: "PUT", body })).status).toBe(
      200,
    );
    expect(await at.s3.send(new HeadObjectCommand({ Bucket, Key: "k" }))).toMatchObject({
      Metadata: { venue: "123" },
      TagCount: 1,
    });
  });

  it("is needed, because an anonymous caller may not read", async () => {
    await using at = await signer();
    expect((await fetch(`${at.cloud.endpoint}/${Bucket}/a%20b/%C3%BC`)).status).toBe(403);
    await expect(
      at.cloud
        .client(S3Client, { ...at.credentials, secretAccessKey: "wrong" })
        .send(new GetObjectCommand({ Bucket, Key: "a b/ü" })),
    ).rejects.toMatchObject({ name: "SignatureDoesNotMatch" });
  });
});
