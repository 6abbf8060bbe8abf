/**
 * S3 source: copies an object's version into the artifact store: the newest, unless the start named another
 * version.
 */
import { isAwsError } from "#cloud/kernel/aws-error.ts";
import { type ActionProvider, failed, HOUR, type Job, properties } from "./provider.ts";

const SUMMARY = "codepipeline-artifact-revision-summary";

type Head = {
  readonly ETag?: string;
  readonly VersionId?: string;
  readonly LastModified?: Date;
  readonly Metadata?: Readonly<Record<string, string>>;
};

export const s3Source: ActionProvider = {
  categories: ["Source"],
  provider: "S3",
  inputs: [0, 0],
  outputs: [1, 1],
  properties: properties(
    ["S3Bucket", "S3ObjectKey"],
    ["AllowOverrideForS3ObjectKey", "PollForSourceChanges"],
  ),
  check: ({ AllowOverrideForS3ObjectKey: override, PollForSourceChanges: poll }) =>
    [override, poll].some((value) => value !== undefined && !/^(true|false)$/i.test(value))
      ? "AllowOverrideForS3ObjectKey and PollForSourceChanges must be true or false"
      : undefined,
  timeoutMinutes: HOUR,
  start: async (job) => {
    const bucket = job.configuration["S3Bucket"] ?? "";
    const key = override(job, "S3_OBJECT_KEY") ?? job.configuration["S3ObjectKey"] ?? "";
    const version = override(job, "S3_OBJECT_VERSION_ID");
    const { Status } = await job.call<{ Status?: string }>("s3", "GetBucketVersioning", { Bucket: bucket });
    if (Status !== "Enabled") {
      return failed(
        "ConfigurationError",
        `The source bucket ${bucket} does not have versioning enabled. Enable versioning on the bucket and try again.`,
      );
    }
    let head: Head;
    try {
      head = await job.call<Head>("s3", "HeadObject", {
        Bucket: bucket,
        Key: key,
        ...(version !== undefined && { VersionId: version }),
      });
    } catch (error) {
      if (!isAwsError(error, "NotFound", "NoSuchKey", "NoSuchVersion", "404", "MethodNotAllowed"))
        throw error;
      const which = version === undefined ? "" : ` and version id ${version}`;
      return failed(
        "ConfigurationError",
        `The source object with key ${key}${which} does not exist in the bucket ${bucket}.`,
      );
    }
    return await take(job, bucket, key, head);
  },
};

const override = (job: Job, type: "S3_OBJECT_KEY" | "S3_OBJECT_VERSION_ID"): string | undefined =>
  job.sourceRevisions.find((revision) => revision.actionName === job.name && revision.revisionType === type)
    ?.revisionValue;

async function take(job: Job, bucket: string, key: string, head: Head) {
  const output = job.outputs[0];
  if (output === undefined) return failed("ConfigurationError", "The action has no output artifact.");
  const version = head.VersionId ?? "null";
  // S3 makes the copy itself. It needs the permissions of reading and writing, and no bytes pass through
  // the pipeline.
  await job.call("s3", "CopyObject", {
    CopySource: `${bucket}/${key.split("/").map(encodeURIComponent).join("/")}?versionId=${encodeURIComponent(version)}`,
    Bucket: output.location.bucket,
    Key: output.location.key,
    ServerSideEncryption: "aws:kms",
    ...(job.encryptionKey && { SSEKMSKeyId: job.encryptionKey.id }),
  });
  const etag = (head.ETag ?? "").replaceAll('"', "");
  const summary = head.Metadata?.[SUMMARY] ?? `Amazon S3 version id: ${version}`;
  return {
    status: "Succeeded",
    written: [output.name],
    details: {
      externalExecutionId: version,
      summary,
      outputVariables: { BucketName: bucket, ObjectKey: key, VersionId: version, ETag: etag },
      revision: {
        name: output.name,
        actionName: job.name,
        revisionId: version,
        revisionChangeIdentifier: etag,
        revisionSummary: summary,
        revisionUrl: `https://${job.region}.console.aws.amazon.com/s3/object/${bucket}?prefix=${encodeURIComponent(key)}`,
        created: head.LastModified ?? job.clock.now(),
      },
    },
  } as const;
}
