/**
 * Stores an asset once in the cache of each region. An asset that is there already is compared before it is
 * used, because its name does not prove its bytes.
 */

import type { Assets } from "#ports/assets.ts";
import type { CacheLocation } from "#release/estate/regional.ts";
import { type AssetRecord, checkSize, compareAsset, type StoredAsset } from "#release/stack/stored-asset.ts";
import type { NamedContent } from "./asset-content.ts";

/** The home region's cache comes first, because readers of an asset use it. */
export const storesIn = (assets: Assets, regions: readonly string[]): readonly Assets[] => [
  assets,
  ...regions.map((region) => assets.elsewhere(region)),
];

/** `what` names the asset in an error. Keys that were not there before are added to `sent`. */
export async function storeEverywhere(
  stores: readonly Assets[],
  what: string,
  named: (cache: CacheLocation) => NamedContent,
  sent: Set<string>,
): Promise<AssetRecord["regions"]> {
  const regions: Record<string, StoredAsset> = {};
  for (const assets of stores) {
    const content = named(assets);
    checkSize(what, content.size);
    const { stored, fresh } = await storeOnce(assets, content);
    if (fresh) sent.add(content.key);
    regions[assets.region] = stored;
  }
  return regions;
}

/** An asset that another release stored first is as good as an own one, once it is compared. */
export async function storeOnce(
  assets: Assets,
  content: NamedContent,
): Promise<{ readonly stored: StoredAsset; readonly fresh: boolean }> {
  const { key, sha256, size } = content;
  const before = await assets.newest(key);
  if (before !== undefined) return { stored: compareAsset(assets.bucket, content, before), fresh: false };
  const versionId = await assets.putOnce(key, content);
  if (versionId !== undefined) return { stored: { key, sha256, size, versionId }, fresh: true };
  const other = compareAsset(assets.bucket, { key, sha256, size }, await assets.newest(key));
  return { stored: other, fresh: false };
}
