/**
 * DeleteObjects runs up to 1000 deletions (S3 API Reference, DeleteObjects). Each one is authorized on its
 * own.
 */
import type {
  DeletedObject,
  DeleteObjectOutput,
  ObjectIdentifier,
  _Error as S3Error,
} from "@aws-sdk/client-s3";
import { AwsError } from "#cloud/kernel/aws-error.ts";
import { malformedXml } from "./errors.ts";
import { findBucket } from "./find-bucket.ts";
import type { S3Call, S3Operation } from "./state.ts";

export const deleteObjects: S3Operation<"DeleteObjects"> = {
  // `run` calls DeleteObject for each key, which checks the permission. A denied key does not affect the
  // other keys.
  access: () => [],
  run: async (input, call) => {
    const bucket = findBucket(input, call);
    const objects = input.Delete?.Objects ?? [];
    if (objects.length === 0 || objects.length > 1000) throw malformedXml();
    const deleted: DeletedObject[] = [];
    const errors: S3Error[] = [];
    for (const object of objects) {
      try {
        const { DeleteMarker: marker, VersionId: versionId } = await deleteAs(object, bucket.name, call);
        deleted.push({
          Key: object.Key,
          ...(object.VersionId !== undefined && { VersionId: object.VersionId }),
          ...(marker && { DeleteMarker: true, DeleteMarkerVersionId: versionId }),
        });
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        errors.push({
          Key: object.Key,
          Code: error.code,
          Message: error.message,
          ...(object.VersionId !== undefined && { VersionId: object.VersionId }),
        });
      }
    }
    return {
      ...(!input.Delete?.Quiet && { Deleted: deleted }),
      ...(errors.length > 0 && { Errors: errors }),
    };
  },
};

const deleteAs = (object: ObjectIdentifier, bucket: string, call: S3Call): Promise<DeleteObjectOutput> =>
  call.cloud.invoke<DeleteObjectOutput>({
    service: "s3",
    operation: "DeleteObject",
    input: {
      Bucket: bucket,
      Key: object.Key,
      ...(object.VersionId !== undefined && { VersionId: object.VersionId }),
      ...(object.ETag !== undefined && { IfMatch: object.ETag }),
    },
    principal: call.principal,
    region: call.region,
  });
