/** Lists the versions of objects page by page. The SDK has no paginator for this call. */
import {
  type DeleteMarkerEntry,
  ListObjectVersionsCommand,
  type ObjectVersion,
  type S3Client,
} from "@aws-sdk/client-s3";

type VersionsPage = {
  readonly versions: readonly ObjectVersion[];
  readonly deleteMarkers: readonly DeleteMarkerEntry[];
};

export async function* objectVersionPages(
  s3: S3Client,
  input: { readonly Bucket: string; readonly Prefix: string; readonly Delimiter?: string },
): AsyncGenerator<VersionsPage> {
  let from: { readonly KeyMarker?: string | undefined; readonly VersionIdMarker?: string | undefined } = {};
  for (;;) {
    const page = await s3.send(new ListObjectVersionsCommand({ ...input, ...from }));
    yield { versions: page.Versions ?? [], deleteMarkers: page.DeleteMarkers ?? [] };
    if (!page.IsTruncated) return;
    from = { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker };
  }
}
