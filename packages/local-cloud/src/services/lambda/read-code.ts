/**
 * Reads the code of a function or layer from zip bytes in the call or from an object in S3, checks it and
 * stores it.
 */
import { createHash } from "node:crypto";
import type { Readable } from "node:stream";
import { isAwsError } from "#cloud/kernel/aws-error.ts";
import type { Call } from "#cloud/kernel/service.ts";
import { checkEntries, readEntries, ZipError } from "#cloud/lambda-runtime/unzip.ts";
import { invalidParameter } from "./errors.ts";
import type { Code, LambdaState } from "./state.ts";

/** The sizes of code: unzipped, and as a zip in the call (Lambda Developer Guide, "Lambda quotas"). */
export const UNZIPPED_LIMIT = 262_144_000;
const DIRECT_LIMIT = 52_428_800;

type CodeSource = {
  readonly ZipFile?: Uint8Array | undefined;
  readonly S3Bucket?: string | undefined;
  readonly S3Key?: string | undefined;
  readonly S3ObjectVersion?: string | undefined;
  readonly ImageUri?: string | undefined;
};

export async function readCode(source: CodeSource, call: Call<LambdaState>): Promise<Code> {
  const zip = await zipOf(source, call);
  try {
    checkEntries(readEntries(zip), UNZIPPED_LIMIT);
  } catch (error) {
    if (!(error instanceof ZipError)) throw error;
    throw invalidParameter(
      error.message.startsWith("Unzipped size")
        ? error.message
        : `Could not unzip uploaded file. Please check your file, then try to upload again. (${error.message})`,
    );
  }
  return {
    blob: await call.cloud.blobs.write(zip),
    sha256: createHash("sha256").update(zip).digest("base64"),
    size: zip.length,
  };
}

async function zipOf(source: CodeSource, call: Call<LambdaState>): Promise<Buffer> {
  if (source.ImageUri !== undefined)
    throw invalidParameter(
      "Container images are not supported by the embedded Lambda; provide ZipFile, or S3Bucket and S3Key.",
    );
  if (source.ZipFile !== undefined) {
    if (source.S3Bucket !== undefined)
      throw invalidParameter("Please do not provide other FunctionCode parameters when providing a ZipFile.");
    if (source.ZipFile.length > DIRECT_LIMIT)
      throw invalidParameter(`Request must be smaller than ${DIRECT_LIMIT} bytes for the ZipFile`);
    return Buffer.from(source.ZipFile);
  }
  if (source.S3Bucket === undefined || source.S3Key === undefined)
    throw invalidParameter("Please provide a source for function code.");
  try {
    const { Body } = await call.cloud.invoke<{ Body: Readable }>({
      service: "s3",
      operation: "GetObject",
      input: {
        Bucket: source.S3Bucket,
        Key: source.S3Key,
        ...(source.S3ObjectVersion !== undefined && { VersionId: source.S3ObjectVersion }),
      },
      principal: call.principal,
      account: call.account,
      region: call.region,
    });
    const chunks: Buffer[] = [];
    for await (const chunk of Body) chunks.push(Buffer.from(chunk as Uint8Array));
    return Buffer.concat(chunks);
  } catch (error) {
    if (!isAwsError(error)) throw error;
    throw invalidParameter(
      `Error occurred while GetObject. S3 Error Code: ${error.code}. S3 Error Message: ${error.message}`,
    );
  }
}
