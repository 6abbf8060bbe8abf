/** AbortMultipartUpload deletes an upload and its parts. */
import { findUpload, onUpload, partKey, partsOf } from "./find-upload.ts";
import { globalStateOf, type S3Call, type S3Operation, type Upload } from "./state.ts";

export const abortMultipartUpload: S3Operation<"AbortMultipartUpload"> = {
  access: onUpload("AbortMultipartUpload"),
  run: async (input, call) => {
    await abortUpload(findUpload(input, call).upload, call);
    return {};
  },
};

export async function abortUpload(upload: Upload, call: S3Call): Promise<void> {
  const { uploads, parts, blobs } = globalStateOf(call);
  uploads.delete(upload.id);
  for (const part of partsOf(upload, call)) {
    parts.delete(partKey(upload.id, part.number));
    await blobs.release(part.segments, call.cloud.blobs);
  }
}
