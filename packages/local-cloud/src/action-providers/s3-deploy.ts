/**
 * S3 deploy: puts the input artifact, or the files in it, into a bucket. It never deletes an object that
 * was there before.
 */
import { randomUUID } from "node:crypto";
import { readZip } from "#cloud/build/zip-reader.ts";
import { type ActionProvider, failed, type Job, properties } from "./provider.ts";

export const s3Deploy: ActionProvider = {
  categories: ["Deploy"],
  provider: "S3",
  inputs: [1, 1],
  outputs: [0, 0],
  properties: properties(
    ["BucketName", "Extract"],
    ["ObjectKey", "KMSEncryptionKeyARN", "CannedACL", "CacheControl"],
  ),
  check: ({ Extract, ObjectKey }) => {
    if (Extract !== undefined && Extract !== "true" && Extract !== "false")
      return "Extract must be true or false";
    return Extract === "false" && ObjectKey === undefined
      ? "ObjectKey is required when Extract is false"
      : undefined;
  },
  timeoutMinutes: 90,
  start: async (job) => {
    const input = job.inputs[0];
    if (input === undefined) return failed("ConfigurationError", "The action has no input artifact.");
    const body = await input.read();
    const key = expand(job.configuration["ObjectKey"] ?? "", job);
    if (job.configuration["Extract"] === "false") await put(job, key, body);
    else {
      const prefix = key === "" || key.endsWith("/") ? key : `${key}/`;
      for (const entry of readZip(body))
        if (!entry.directory) await put(job, prefix + entry.name, entry.read());
    }
    return { status: "Succeeded", details: { externalExecutionId: job.configuration["BucketName"] ?? "" } };
  },
};

/** Replaces `{datetime}` and `{uuid}`. */
const expand = (key: string, job: Job): string =>
  key
    .replaceAll(
      "{datetime}",
      job.clock.now().toISOString().slice(0, 19).replace("T", "_").replaceAll(":", "-"),
    )
    .replaceAll("{uuid}", () => randomUUID());

async function put(job: Job, key: string, body: Buffer): Promise<void> {
  const { BucketName, CannedACL, CacheControl, KMSEncryptionKeyARN } = job.configuration;
  await job.call("s3", "PutObject", {
    Bucket: BucketName,
    Key: key,
    Body: body,
    ContentLength: body.length,
    ContentType: types[/\.([^./]+)$/.exec(key)?.[1]?.toLowerCase() ?? ""] ?? "application/octet-stream",
    ...(CannedACL !== undefined && { ACL: CannedACL }),
    ...(CacheControl !== undefined && { CacheControl }),
    ...(KMSEncryptionKeyARN !== undefined && {
      ServerSideEncryption: "aws:kms",
      SSEKMSKeyId: KMSEncryptionKeyARN,
    }),
  });
}

const types: Readonly<Record<string, string>> = {
  html: "text/html",
  htm: "text/html",
  css: "text/css",
  js: "text/javascript",
  mjs: "text/javascript",
  json: "application/json",
  txt: "text/plain",
  xml: "application/xml",
  svg: "image/svg+xml",
  png: "image/png",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  gif: "image/gif",
  ico: "image/x-icon",
  pdf: "application/pdf",
  zip: "application/zip",
};
