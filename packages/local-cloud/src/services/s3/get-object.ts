/** GetObject returns an object's metadata and bytes. HeadObject returns the same metadata only. */
import { AwsError } from "#cloud/kernel/aws-error.ts";
import { checksumOutput } from "./checksums.ts";
import { versionOutput } from "./commit.ts";
import { type Conditions, checkRead } from "./conditions.ts";
import { descriptionOutput } from "./describe.ts";
import { encryptionOutput, openEncryption } from "./encryption.ts";
import { invalidRequest } from "./errors.ts";
import { type Found, findVersion, type ObjectName, readAccess } from "./find-version.ts";
import { contentRange, type Range, rangeOf } from "./read-range.ts";
import { cut, streamOf } from "./segments.ts";
import type { S3Call, S3Operation } from "./state.ts";

type ReadInput = ObjectName &
  Conditions & {
    readonly Range?: string | undefined;
    readonly PartNumber?: number | undefined;
    readonly ChecksumMode?: string | undefined;
    readonly ResponseCacheControl?: string | undefined;
    readonly ResponseContentDisposition?: string | undefined;
    readonly ResponseContentEncoding?: string | undefined;
    readonly ResponseContentLanguage?: string | undefined;
    readonly ResponseContentType?: string | undefined;
    readonly ResponseExpires?: Date | undefined;
  };

export const getObject: S3Operation<"GetObject"> = {
  access: (input, call) => readAccess("GetObject", input, call),
  run: async (input, call) => {
    const { found, range, output } = await read(input, call, "GET");
    const body = streamOf(cut(found.content.segments, range.start, range.end), call);
    // The SDK declares the client's type here: a stream that can also be read as text.
    return { ...output, Body: body as unknown as never };
  },
};

export const headObject: S3Operation<"HeadObject"> = {
  access: (input, call) => readAccess("GetObject", input, call),
  run: async (input, call) => (await read(input, call, "HEAD")).output,
};

async function read(input: ReadInput, call: S3Call, method: "GET" | "HEAD") {
  const found = findVersion(input, call, method);
  const { bucket, version, content } = found;
  checkRead(input, version, content.etag);
  const range = rangeOf(input, content);
  if (method === "GET" && (content.storageClass === "GLACIER" || content.storageClass === "DEEP_ARCHIVE"))
    throw new AwsError(
      "InvalidObjectState",
      "The operation is not valid for the object's storage class",
      403,
      {
        StorageClass: content.storageClass,
      },
    );
  const overrides = overridesOf(input, call);
  await openEncryption(content.encryption, bucket, call);
  return {
    found,
    range,
    output: {
      AcceptRanges: "bytes",
      LastModified: version.lastModified,
      ETag: `"${content.etag}"`,
      ContentLength: range.end - range.start,
      ...contentRange(range, content.size),
      ...descriptionOutput(content),
      ...encryptionOutput(content.encryption),
      ...versionOutput(bucket, version),
      ...(range.part !== undefined && content.parts !== undefined && { PartsCount: content.parts.length }),
      ...(input.ChecksumMode === "ENABLED" && checksumOf(found, range)),
      ...overrides,
    },
  };
}

/** A range has no checksum. A part and the whole object have one. */
function checksumOf({ content }: Found, range: Range) {
  const { checksum, parts, size } = content;
  if (range.part !== undefined && parts !== undefined) {
    const value = parts.find(({ number }) => number === range.part)?.checksum;
    return value === undefined
      ? {}
      : { ...checksumOutput({ ...checksum, value }), ChecksumType: checksum.type };
  }
  const whole = range.start === 0 && range.end === size;
  return whole ? { ...checksumOutput(checksum), ChecksumType: checksum.type } : {};
}

function overridesOf(input: ReadInput, { principal }: S3Call) {
  const overrides = {
    ...(input.ResponseCacheControl !== undefined && { CacheControl: input.ResponseCacheControl }),
    ...(input.ResponseContentDisposition !== undefined && {
      ContentDisposition: input.ResponseContentDisposition,
    }),
    ...(input.ResponseContentEncoding !== undefined && { ContentEncoding: input.ResponseContentEncoding }),
    ...(input.ResponseContentLanguage !== undefined && { ContentLanguage: input.ResponseContentLanguage }),
    ...(input.ResponseContentType !== undefined && { ContentType: input.ResponseContentType }),
    ...(input.ResponseExpires !== undefined && { Expires: input.ResponseExpires }),
  };
  if (principal.kind === "anonymous" && Object.keys(overrides).length > 0)
    throw invalidRequest("Request specific response headers cannot be used for anonymous GET requests.");
  return overrides;
}
