/**
 * Copies the assets of an artifact to the cache in every region of the release, where target accounts can
 * read them. The name of an asset is the SHA-256 of its bytes. An asset that exists already is compared with
 * that digest and not copied again, also for another artifact.
 */

import type { Artifacts } from "#ports/artifacts.ts";
import type { Assets } from "#ports/assets.ts";
import { largestTemplate } from "#release/document/template-document.ts";
import { ReleaseError } from "#release/errors/errors.ts";
import type { CacheLocation } from "#release/estate/regional.ts";
import type { ArtifactRef } from "#release/plan/release.ts";
import { namesVersion, rewriteTemplate, writeRewritten } from "#release/stack/rewrite.ts";
import { type AssetRecord, relocate, type StoredAsset } from "#release/stack/stored-asset.ts";
import type { Scan } from "#release/zip/entry-scan.ts";
import {
  assetContent,
  type NamedContent,
  type ScannedArtifact,
  templateContent,
  wholeContent,
} from "./asset-content.ts";
import type { LocalTemplate } from "./local-assets.ts";
import { storeEverywhere } from "./store-asset.ts";

type PublishAssetsDeps = { readonly artifacts: Pick<Artifacts, "stream">; readonly assets: Assets };

type Published = {
  /** The templates in their order, with an S3 location in place of each local reference. */
  readonly templates: readonly string[];
  readonly records: readonly AssetRecord[];
  /** The keys that were not there before. */
  readonly sent: ReadonlySet<string>;
};

export async function publishAssets(
  deps: PublishAssetsDeps,
  artifact: ArtifactRef,
  scan: ScannedArtifact,
  roots: readonly LocalTemplate[],
  stores: readonly Assets[],
): Promise<Published> {
  const records = new Map<string, AssetRecord>();
  const sent = new Set<string>();
  const publish = async (
    what: string,
    pinned: boolean,
    named: (cache: CacheLocation) => NamedContent,
  ): Promise<StoredAsset> => {
    const { key } = named(deps.assets);
    const known = records.get(key);
    const regions = known?.regions ?? (await storeEverywhere(stores, what, named, sent));
    const record = { pinned: pinned && (known?.pinned ?? true), regions };
    records.set(key, record);
    return homeOf(deps.assets, record);
  };
  const rewritten = async ({ document, assets: own, nested, path }: LocalTemplate): Promise<string> => {
    const { bucket, region } = deps.assets;
    const rewrites = [];
    for (const { reference, asset } of own) {
      const content = assetContent(deps.artifacts, artifact, scan, asset);
      const home = await publish(reference.path, namesVersion(document, reference), () => content);
      rewrites.push({ reference, location: { ...home, bucket, region } });
    }
    for (const { reference, template } of nested) {
      const text = await rewritten(template);
      // In another region the nested template differs in the locations of its own assets.
      const home = await publish(template.path, true, (cache) =>
        templateContent(relocate(text, [...records.values()], deps.assets, cache)),
      );
      rewrites.push({ reference, location: { ...home, bucket, region } });
    }
    return whole(writeRewritten(rewriteTemplate(document, rewrites), bucket), path);
  };
  const templates: string[] = [];
  for (const root of roots) templates.push(await rewritten(root));
  return { templates, records: [...records.values()], sent };
}

/** Publishes the artifact itself. Its users read it by its key, which is its digest. */
export async function publishWhole(
  { artifacts }: PublishAssetsDeps,
  artifact: ArtifactRef,
  scan: Scan,
  stores: readonly Assets[],
): Promise<AssetRecord> {
  const content = wholeContent(artifacts, artifact, scan);
  return { pinned: false, regions: await storeEverywhere(stores, "The artifact", () => content, new Set()) };
}

function homeOf({ region }: Assets, { regions }: AssetRecord): StoredAsset {
  const home = regions[region];
  if (home === undefined) throw new TypeError(`An asset is not stored in ${region}.`);
  return home;
}

function whole(template: string, path: string): string {
  if (template.length <= largestTemplate) return template;
  const seen = `${path} has ${template.length} characters once packaged; ${largestTemplate} are allowed.`;
  throw new ReleaseError("TemplateTooLarge", seen);
}
