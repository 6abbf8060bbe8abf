/**
 * Stores a template that is too large for a call in the cache of its region, as an asset. Its bytes are
 * compared, and its URL names the version.
 */
import type { Assets } from "#ports/assets.ts";
import { templateContent } from "./asset-content.ts";
import { storeOnce } from "./store-asset.ts";

/** Returns the URL for CloudFormation, which reads it as the target's deploy role. */
export async function storeTemplate(home: Assets, region: string, template: string): Promise<string> {
  const assets = region === home.region ? home : home.elsewhere(region);
  const { stored } = await storeOnce(assets, templateContent(template));
  return `https://${assets.bucket}.s3.${region}.amazonaws.com/${stored.key}?versionId=${stored.versionId}`;
}
