/**
 * CopyObject makes a new object that shares the source's bytes. It keeps the source's metadata or gets new
 * metadata.
 */
import { checksumOutput, knownAlgorithm } from "./checksums.ts";
import { commitObject, versionOutput } from "./commit.ts";
import { checkWrite } from "./conditions.ts";
import { copySourceAccess, openCopySource, readCopySource } from "./copy-source.ts";
import { checkAcl, checkKey, type DescriptionInput, describe, descriptionOf } from "./describe.ts";
import { encryptionContext, encryptionOutput, newEncryption } from "./encryption.ts";
import { invalidArgument, invalidRequest } from "./errors.ts";
import { conditionalContext, findBucket, objectAccess } from "./find-bucket.ts";
import { type Found, versionAccess } from "./find-version.ts";
import { etagOf } from "./put-object.ts";
import { digestSegments } from "./segments.ts";
import {
  type Checksum,
  type Content,
  type Description,
  globalStateOf,
  type S3Call,
  type S3Operation,
} from "./state.ts";
import { readTagging, requestTagContext } from "./tags.ts";

/** A larger object needs a multipart upload (S3 API Reference, CopyObject). */
const MAX_SOURCE = 5 * 2 ** 30;

export const copyObject: S3Operation<"CopyObject"> = {
  access: (input, call) => {
    const bucket = findBucket(input, call);
    const key = input.Key ?? "";
    const source = readCopySource(input);
    const [read, ...list] = copySourceAccess(input, call);
    const sourceTags = input.TaggingDirective === "REPLACE" ? [] : tagsOfSource(source, call);
    const tags = input.TaggingDirective === "REPLACE" ? readTagging(input.Tagging) : sourceTags;
    const context = {
      ...encryptionContext(input),
      ...requestTagContext(tags),
      "s3:x-amz-copy-source": `${source.Bucket}/${source.Key}`,
      "s3:x-amz-metadata-directive": input.MetadataDirective,
      "s3:x-amz-storage-class": input.StorageClass,
      "s3:x-amz-acl": input.ACL,
      ...conditionalContext(true, input),
    };
    return [
      ...(read === undefined ? [] : [read]),
      ...list,
      ...(sourceTags.length > 0 ? [versionAccess("GetObjectTagging", source, call)] : []),
      objectAccess(bucket, key, "PutObject", call, context),
      ...(tags.length > 0 ? [objectAccess(bucket, key, "PutObjectTagging", call, context)] : []),
    ];
  },
  run: async (input, call) => {
    const key = input.Key ?? "";
    const globalState = globalStateOf(call);
    const before = findBucket(input, call);
    checkKey(key);
    checkAcl(input, before);
    checkWrite(input, globalState.objects(before), key, false);
    const source = await openCopySource(input, call);
    const description = describeCopy(input, source.content);
    if (source.content.size > MAX_SOURCE)
      throw invalidRequest(
        `The specified copy source is larger than the maximum allowable size for a copy source: ${MAX_SOURCE}`,
      );
    if (source.version === globalState.objects(before).newest(key) && changesNothing(input, source))
      throw invalidRequest(
        "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
      );
    const { segments } = source.content;
    // The reference is taken at once, because the source may be deleted before the copy is committed.
    globalState.blobs.hold(segments);
    try {
      const encryption = await newEncryption(input, before, key, call);
      const { md5, checksum } = await digests(source.content, input.ChecksumAlgorithm, call);
      const bucket = findBucket(input, call);
      checkWrite(input, globalState.objects(bucket), key, true);
      const content: Content = {
        ...description,
        size: source.content.size,
        etag: etagOf(md5, encryption),
        segments,
        checksum,
        encryption,
      };
      const version = commitObject(bucket, key, content, "CopyObject", call);
      return {
        CopyObjectResult: {
          ETag: `"${content.etag}"`,
          LastModified: version.lastModified,
          ...checksumOutput(checksum),
          ChecksumType: checksum.type,
        },
        ...(source.bucket.versioning !== undefined && { CopySourceVersionId: source.version.versionId }),
        ...encryptionOutput(encryption),
        ...versionOutput(bucket, version),
      };
    } catch (error) {
      await globalState.blobs.release(segments, call.cloud.blobs);
      throw error;
    }
  },
};

const tagsOfSource = (source: ReturnType<typeof readCopySource>, call: S3Call) => {
  const objects = globalStateOf(call).objects(findBucket(source, call));
  const key = source.Key ?? "";
  const version = source.VersionId === undefined ? objects.newest(key) : objects.find(key, source.VersionId);
  return version?.content?.tags ?? [];
};

function describeCopy(
  input: DescriptionInput & {
    readonly MetadataDirective?: string | undefined;
    readonly TaggingDirective?: string | undefined;
  },
  source: Content,
): Description {
  for (const directive of [input.MetadataDirective, input.TaggingDirective])
    if (directive !== undefined && directive !== "COPY" && directive !== "REPLACE")
      throw invalidArgument("Unknown metadata directive.", "x-amz-metadata-directive", directive);
  const asked = describe(input);
  const { redirect: _redirect, ...kept } = descriptionOf(source);
  const described =
    input.MetadataDirective === "REPLACE"
      ? asked
      : {
          ...kept,
          storageClass: asked.storageClass,
          ...(asked.redirect !== undefined && { redirect: asked.redirect }),
        };
  return { ...described, tags: input.TaggingDirective === "REPLACE" ? asked.tags : source.tags };
}

/**
 * Copying an old version to its own key restores it. Copying the newest version to its own key needs a
 * change, except in a bucket with versioning, where it makes a new version. A storage class that is named counts as a
 * change.
 */
const changesNothing = (
  input: DescriptionInput & {
    readonly MetadataDirective?: string | undefined;
    readonly ServerSideEncryption?: string | undefined;
    readonly ChecksumAlgorithm?: string | undefined;
  },
  source: Found,
): boolean =>
  input.MetadataDirective !== "REPLACE" &&
  input.ServerSideEncryption === undefined &&
  input.WebsiteRedirectLocation === undefined &&
  input.ChecksumAlgorithm === undefined &&
  input.StorageClass === undefined &&
  source.bucket.versioning !== "Enabled";

/**
 * The digests of a single-part object with SSE-S3 are known. Other objects are read for their digests; a
 * copied multipart object becomes a single part.
 */
async function digests(
  source: Content,
  asked: string | undefined,
  call: S3Call,
): Promise<{ readonly md5: string; readonly checksum: Checksum }> {
  const algorithm = asked === undefined ? source.checksum.algorithm : knownAlgorithm(asked);
  const known = source.parts === undefined && source.encryption.algorithm === "AES256";
  if (known && algorithm === source.checksum.algorithm)
    return { md5: source.etag, checksum: source.checksum };
  const found = await digestSegments(source.segments, algorithm, call.cloud.blobs);
  return { md5: found.md5, checksum: { algorithm, value: found.checksum, type: "FULL_OBJECT" } };
}
