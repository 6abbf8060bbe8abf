/**
 * Compares the assets of a release in one region with the records of its packaging, before an environment is
 * prepared. An asset whose users name its version is compared in that version, any other in its newest.
 */

import type { Assets } from "#ports/assets.ts";
import { ReleaseError } from "#release/errors/errors.ts";
import {
  type AssetRecord,
  compareAsset,
  readAssetRecords,
  type StoredAsset,
} from "#release/stack/stored-asset.ts";
import { documents } from "./documents.ts";
import { type Documents, documentIn } from "./small-zip.ts";

const atOnce = 8;

/** The records of a release that an earlier version of Kedge packaged are missing; then no template may name an asset. */
export function recordsIn(packaged: Documents, bucket: string): readonly AssetRecord[] {
  if (packaged.has(documents.parts))
    return readAssetRecords(documentIn(packaged, documents.parts), documents.parts);
  const naming = [...packaged].find(([, content]) => Buffer.from(content).includes(bucket))?.[0];
  if (naming === undefined) return [];
  const seen = `${naming} names assets in ${bucket}, and ${documents.parts} is missing.`;
  throw new ReleaseError("ReleaseDocumentMalformed", seen);
}

/** Throws `AssetAltered` for the first asset that differs. Returns the version ids by key. */
export async function compareAssets(
  home: Assets,
  region: string,
  records: readonly AssetRecord[],
): Promise<Readonly<Record<string, string>>> {
  const assets = region === home.region ? home : home.elsewhere(region);
  const versions: Record<string, string> = {};
  const compare = async ({ pinned, regions }: AssetRecord): Promise<void> => {
    const expected = regions[region];
    if (expected === undefined)
      throw new ReleaseError("ReleaseDocumentMalformed", `${documents.parts} has no assets of ${region}.`);
    compareAsset(assets.bucket, expected, await found(assets, expected, pinned));
    versions[expected.key] = expected.versionId;
  };
  for (let at = 0; at < records.length; at += atOnce)
    await Promise.all(records.slice(at, at + atOnce).map(compare));
  return versions;
}

const found = (
  assets: Assets,
  { key, versionId }: StoredAsset,
  pinned: boolean,
): Promise<StoredAsset | undefined> => (pinned ? assets.version(key, versionId) : assets.newest(key));
