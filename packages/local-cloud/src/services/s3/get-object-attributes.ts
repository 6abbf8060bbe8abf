/** GetObjectAttributes returns the requested attributes, and for multipart objects the parts. */
import { checksumOutput } from "./checksums.ts";
import { versionOutput } from "./commit.ts";
import { openEncryption } from "./encryption.ts";
import { findVersion, readAccess, versionAccess } from "./find-version.ts";
import type { Content, S3Operation } from "./state.ts";

export const getObjectAttributes: S3Operation<"GetObjectAttributes"> = {
  access: (input, call) => [
    ...readAccess("GetObject", input, call),
    versionAccess("GetObjectAttributes", input, call),
  ],
  run: async (input, call) => {
    const { bucket, version, content } = findVersion(input, call);
    await openEncryption(content.encryption, bucket, call);
    const asked = (name: string): boolean =>
      (input.ObjectAttributes ?? []).some((attribute) => attribute === name);
    // A composite checksum has no part count here, unlike in HeadObject.
    const bare = content.checksum.value.replace(/-\d+$/, "");
    return {
      LastModified: version.lastModified,
      ...versionOutput(bucket, version),
      ...(asked("ETag") && { ETag: content.etag }),
      ...(asked("Checksum") && {
        Checksum: {
          ...checksumOutput({ ...content.checksum, value: bare }),
          ChecksumType: content.checksum.type,
        },
      }),
      ...(asked("ObjectParts") && content.parts && { ObjectParts: partsOf(content, input) }),
      ...(asked("StorageClass") && { StorageClass: content.storageClass }),
      ...(asked("ObjectSize") && { ObjectSize: content.size }),
    };
  },
};

function partsOf(
  { parts = [], checksum }: Content,
  input: { readonly MaxParts?: number | undefined; readonly PartNumberMarker?: string | undefined },
) {
  const limit = Math.min(input.MaxParts ?? 1000, 1000);
  const marker = Number(input.PartNumberMarker ?? 0);
  const after = parts.filter(({ number }) => number > marker);
  const page = after.slice(0, limit);
  // If the parts have no checksums, S3 returns their number only.
  const listed = page.flatMap(({ number, size, checksum: value }) =>
    value === undefined
      ? []
      : [{ PartNumber: number, Size: size, ...checksumOutput({ algorithm: checksum.algorithm, value }) }],
  );
  return {
    TotalPartsCount: parts.length,
    ...(listed.length > 0 && {
      Parts: listed,
      PartNumberMarker: String(marker),
      NextPartNumberMarker: String(page.at(-1)?.number ?? 0),
      MaxParts: limit,
      IsTruncated: after.length > page.length,
    }),
  };
}
