/**
 * Reads a request's template text: the inline text, or an object of the cloud's own S3, fetched as the
 * caller.
 */
import { request } from "node:http";
import type { Readable } from "node:stream";
import { validationError } from "#cloud/cloudformation/template-error.ts";
import { AwsError } from "#cloud/kernel/aws-error.ts";
import type { Cloud } from "#cloud/kernel/cloud-type.ts";
import type { Principal } from "#cloud/kernel/principal.ts";
import { s3Location } from "#cloud/wire/s3-location.ts";

type Reader = { readonly cloud: Cloud; readonly principal: Principal; readonly region: string };

const inlineLimit = 51_200;
const urlLimit = 1_048_576;

export function checkInline(body: string): string {
  const size = Buffer.byteLength(body);
  if (size > inlineLimit) {
    const shown = `${body.slice(0, 60)}…`;
    throw validationError(
      `1 validation error detected: Value '${shown}' at 'templateBody' failed to satisfy constraint: Member must have length less than or equal to ${inlineLimit}`,
    );
  }
  return body;
}

export async function readTemplateUrl(url: string, readingPrincipal: Reader): Promise<string> {
  const location = s3Location(url);
  if (!location) throw validationError("TemplateURL must be a supported URL.");
  if (url.includes("X-Amz-Signature=")) return await fetchSigned(url, readingPrincipal.cloud);
  try {
    const answer = await readingPrincipal.cloud.invoke<{ Body?: Readable; ContentLength?: number }>({
      service: "s3",
      operation: "GetObject",
      input: { Bucket: location.bucket, Key: location.key, VersionId: location.versionId },
      principal: readingPrincipal.principal,
      region: readingPrincipal.region,
    });
    return await collect(answer.Body);
  } catch (error) {
    if (error instanceof AwsError)
      throw validationError(
        `S3 error: ${s3Reason(error)}\nFor more information check http://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html`,
      );
    throw error;
  }
}

const s3Reason = (error: AwsError): string =>
  error.code === "AccessDenied" ? "Access Denied" : error.message;

async function collect(body: Readable | undefined): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    const bytes = Buffer.from(chunk as Uint8Array);
    size += bytes.length;
    if (size > urlLimit) {
      throw validationError(`Template may not exceed ${urlLimit} bytes in size.`);
    }
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString();
}

/** A presigned URL carries its own permission, so the request needs no other credentials. */
async function fetchSigned(url: string, cloud: Cloud): Promise<string> {
  const endpoint = new URL(cloud.endpoint());
  const [, host = "", target = "/"] = /^https?:\/\/([^/?#]+)(\/[^#]*)/.exec(url) ?? [];
  return await new Promise<string>((resolve, reject) => {
    const sent = request(
      { host: endpoint.hostname, port: endpoint.port, path: target, headers: { host } },
      (answer) => {
        collect(answer).then((text) => {
          if (answer.statusCode === 200) return resolve(text);
          const message = /<Message>([^<]*)<\/Message>/.exec(text)?.[1] ?? `status ${answer.statusCode ?? 0}`;
          return reject(
            validationError(
              `S3 error: ${message}\nFor more information check http://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html`,
            ),
          );
        }, reject);
      },
    );
    sent.on("error", reject);
    sent.end();
  });
}
