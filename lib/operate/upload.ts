/** Uploads an artifact, or the tombstone that orders the teardown of a line. */
import type { UploadContent, Uploads } from "#ports/uploads.ts";
import { formatKey, type Line } from "#release/names/key.ts";
import { OperateError } from "./operate-error.ts";

/** Both functions answer the version id of the upload. */
export const uploadArtifact = async (
  { uploads }: { readonly uploads: Uploads },
  { line, content }: { readonly line: Line; readonly content: UploadContent },
  onProgress?: (sent: number) => void,
): Promise<string> => versionOf(await uploads.put(formatKey(line), content, onProgress));

export const tearDown = async (
  { uploads }: { readonly uploads: Pick<Uploads, "putTombstone"> },
  line: Line,
): Promise<string> => versionOf(await uploads.putTombstone(formatKey(line)));

function versionOf(version: string | undefined): string {
  if (version !== undefined) return version;
  throw new OperateError(
    "BucketUnversioned",
    "The bucket keeps no versions, so it is not Kedge's; check --bucket.",
  );
}
