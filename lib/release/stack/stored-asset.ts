/**
 * An asset as it is stored in the anchor's cache, and its comparison with the record of the packaging. The name
 * of an asset is the SHA-256 of its bytes, but a name is only a claim until the bytes are compared.
 */

import { valueTree } from "#release/document/node-tree.ts";
import {
  flag,
  integer,
  listOf,
  mapOf,
  object,
  readShape,
  type ShapeOf,
  text,
} from "#release/document/shape.ts";
import { ReleaseError } from "#release/errors/errors.ts";
import { type CacheLocation, retarget } from "#release/estate/regional.ts";

const storedShape = object({
  key: text(),
  /** A version of an object never changes (S3 User Guide, "How S3 Versioning works"). */
  versionId: text(),
  sha256: text("a SHA-256", /^[0-9a-f]{64}$/),
  size: integer(0, Number.MAX_SAFE_INTEGER),
});

/** An asset of a release, by region. `pinned`: each template that refers to the asset names its version. */
const recordShape = object({ pinned: flag(), regions: mapOf(/^[a-z0-9-]+$/, "a region", storedShape) });

export type StoredAsset = ShapeOf<typeof storedShape>;
export type AssetRecord = ShapeOf<typeof recordShape>;

/** S3 stores at most this in one request, and only one request gives a SHA-256 of the whole object. */
export const largestAsset = 5 * 1024 ** 3;

export function checkSize(what: string, size: number): void {
  if (size <= largestAsset) return;
  const seen = `${what} has ${size} bytes; an asset may have ${largestAsset}.`;
  throw new ReleaseError("AssetTooLarge", seen);
}

/** Throws `AssetAltered` when the stored object is not the expected one. An asset may be known without a version. */
export function compareAsset(
  bucket: string,
  expected: Omit<StoredAsset, "versionId"> & Partial<StoredAsset>,
  found: StoredAsset | undefined,
): StoredAsset {
  const { key, sha256, size, versionId } = expected;
  const version = versionId ?? found?.versionId;
  if (found?.versionId === version && found?.sha256 === sha256 && found.size === size) return found;
  const seen =
    found === undefined
      ? "is not there"
      : `has in its version ${found.versionId} the SHA-256 ${found.sha256} and ${found.size} bytes`;
  const wanted = versionId === undefined ? "" : `version ${versionId} with `;
  throw new ReleaseError(
    "AssetAltered",
    `s3://${bucket}/${key} ${seen}; expected ${wanted}the SHA-256 ${sha256} and ${size} bytes.`,
  );
}

/** Rewrites a text with the home region's locations of assets for the cache of another region. */
export function relocate(
  text: string,
  records: readonly AssetRecord[],
  from: CacheLocation,
  to: CacheLocation,
): string {
  if (from.region === to.region) return text;
  const located = records.reduce((written, { regions }) => {
    const [here, there] = [regions[from.region], regions[to.region]];
    if (here === undefined || there === undefined) return written;
    return written.replaceAll(here.key, there.key).replaceAll(here.versionId, there.versionId);
  }, text);
  return retarget(located, from, to);
}

export const writeAssetRecords = (records: readonly AssetRecord[]): string => JSON.stringify(records);

/** Throws `ReleaseDocumentMalformed`. */
export function readAssetRecords(json: string, path: string): readonly AssetRecord[] {
  const read = readShape(listOf(recordShape), valueTree(JSON.parse(json)));
  if ("value" in read) return read.value;
  throw new ReleaseError("ReleaseDocumentMalformed", `${path} lists no assets.`);
}
