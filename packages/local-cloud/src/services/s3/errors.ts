/** Makes the errors that several S3 operations return, with AWS's codes and messages. */
import { AwsError } from "#cloud/kernel/aws-error.ts";
import type { Version } from "./state.ts";

export const noSuchBucket = (bucket: string): AwsError =>
  new AwsError("NoSuchBucket", "The specified bucket does not exist", 404, { BucketName: bucket });

export const noSuchKey = (key: string): AwsError =>
  new AwsError("NoSuchKey", "The specified key does not exist.", 404, { Key: key });

export const noSuchVersion = (key: string, versionId: string): AwsError =>
  new AwsError("NoSuchVersion", "The specified version does not exist.", 404, {
    Key: key,
    VersionId: versionId,
  });

export const noSuchUpload = (uploadId: string): AwsError =>
  new AwsError(
    "NoSuchUpload",
    "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.",
    404,
    { UploadId: uploadId },
  );

export const invalidArgument = (message: string, name?: string, value?: string): AwsError =>
  new AwsError("InvalidArgument", message, 400, {
    ...(name !== undefined && { ArgumentName: name }),
    ...(value !== undefined && { ArgumentValue: value }),
  });

export const invalidRequest = (message: string): AwsError => new AwsError("InvalidRequest", message);

export const malformedXml = (): AwsError =>
  new AwsError(
    "MalformedXML",
    "The XML you provided was not well-formed or did not validate against our published schema",
  );

export const preconditionFailed = (condition: string): AwsError =>
  new AwsError("PreconditionFailed", "At least one of the pre-conditions you specified did not hold", 412, {
    Condition: condition,
  });

export const aclsNotSupported = (): AwsError =>
  new AwsError("AccessControlListNotSupported", "The bucket does not allow ACLs");

/** The request names the version id of a delete marker. */
export const markerNotAllowed = (marker: Version, method: string): AwsError =>
  new AwsError("MethodNotAllowed", "The specified method is not allowed against this resource.", 405, {
    Method: method,
    ResourceType: "DeleteMarker",
    headers: {
      allow: "DELETE",
      "x-amz-delete-marker": "true",
      "x-amz-version-id": marker.versionId,
      "last-modified": marker.lastModified.toUTCString(),
    },
  });

/** The newest version is a delete marker, so a read without a version id finds no object. */
export const deletedKey = (marker: Version): AwsError =>
  new AwsError("NoSuchKey", "The specified key does not exist.", 404, {
    Key: marker.key,
    headers: { "x-amz-delete-marker": "true", "x-amz-version-id": marker.versionId },
  });
