/**
 * Copies the assets of an artifact to the cache in every region of the release, where target accounts can
 * read them. The key is derived from the content, so an asset that exists already is not copied again, also
 * for another artifact.
 */

import type { Artifacts } from "#ports/artifacts.ts";
import type { AssetContent, Assets } from "#ports/assets.ts";
import { largestTemplate } from "#release/document/template-document.ts";
import { ReleaseError } from "#release/errors/errors.ts";
import { type CacheLocation, retarget } from "#release/estate/regional.ts";
import { canonicalJson, sha256Hex } from "#release/names/digest.ts";
import { cacheKeys } from "#release/names/names.ts";
import type { ArtifactRef } from "#release/plan/release.ts";
import { rewriteTemplate, writeRewritten } from "#release/stack/rewrite.ts";
import type { Scan } from "#release/zip/entry-scan.ts";
import { unpackEntry } from "#release/zip/entry-unpack.ts";
import type { ZipEntry } from "#release/zip/zip-entry.ts";
import { repack, type Segment } from "#release/zip/zip-repack.ts";
import type { Asset, LocalTemplate } from "./local-assets.ts";

type PublishAssetsDeps = { readonly artifacts: Pick<Artifacts, "stream">; readonly assets: Assets };

type Published = {
  /** The templates in their order, with an S3 location in place of each local reference. */
  readonly templates: readonly string[];
  readonly assets: ReadonlySet<string>;
  readonly sent: ReadonlySet<string>;
};

export async function publishAssets(
  deps: PublishAssetsDeps,
  artifact: ArtifactRef,
  scan: Scan,
  roots: readonly LocalTemplate[],
  regions: readonly string[],
): Promise<Published> {
  const keys = new Set<string>();
  const sent = new Set<string>();
  const stores = storesIn(deps.assets, regions);
  const publish = async (key: string, content: (cache: CacheLocation) => AssetContent): Promise<string> => {
    if (keys.has(key)) return key;
    keys.add(key);
    for (const assets of stores) {
      if (await assets.has(key)) continue;
      await assets.put(key, content(assets));
      sent.add(key);
    }
    return key;
  };
  const publishAsset = (asset: Asset): Promise<string> =>
    asset.type === "file"
      ? publish(fileKey(asset.entry, scan), () => fileContent(deps, artifact, scan, asset.entry))
      : publish(folderKey(asset, scan), () => folderContent(deps, artifact, scan, asset));
  const rewritten = async ({ document, assets: own, nested, path }: LocalTemplate): Promise<string> => {
    const { bucket, region } = deps.assets;
    const rewrites = [];
    for (const { reference, asset } of own) {
      rewrites.push({ reference, location: { bucket, region, key: await publishAsset(asset) } });
    }
    for (const { reference, template } of nested) {
      const text = await rewritten(template);
      // In another region the nested template has the same key and differs only in the locations of its own
      // assets.
      const key = await publish(cacheKeys.asset(sha256Hex(text), ".template"), (cache) =>
        inMemory(new TextEncoder().encode(retarget(text, deps.assets, cache))),
      );
      rewrites.push({ reference, location: { bucket, region, key } });
    }
    return whole(writeRewritten(rewriteTemplate(document, rewrites), bucket), path);
  };
  const templates: string[] = [];
  for (const root of roots) templates.push(await rewritten(root));
  return { templates, assets: keys, sent };
}

/** The home region's cache comes first, because readers of an asset use it. */
export const storesIn = (assets: Assets, regions: readonly string[]): readonly Assets[] => [
  assets,
  ...regions.map((region) => assets.elsewhere(region)),
];

function whole(template: string, path: string): string {
  if (template.length <= largestTemplate) return template;
  const seen = `${path} has ${template.length} characters once packaged; ${largestTemplate} are allowed.`;
  throw new ReleaseError("TemplateTooLarge", seen);
}

const fileKey = (entry: ZipEntry, scan: Scan): string =>
  cacheKeys.asset(scanned(entry, scan).sha256, /\.[A-Za-z0-9]{1,10}$/.exec(entry.name)?.[0].toLowerCase());

/** The key depends on the files only: another compression or timestamp gives the same asset. */
function folderKey({ files }: Extract<Asset, { type: "folder" }>, scan: Scan): string {
  const listed = files
    .map(({ name, entry }) => [name, entry.executable, scanned(entry, scan).sha256])
    .sort(([a = ""], [b = ""]) => (a < b ? -1 : 1));
  return cacheKeys.asset(sha256Hex(canonicalJson(listed)), ".zip");
}

const fileContent = (
  deps: PublishAssetsDeps,
  artifact: ArtifactRef,
  scan: Scan,
  entry: ZipEntry,
): AssetContent => {
  const { dataStart } = scanned(entry, scan);
  const data = () => deps.artifacts.stream(artifact, dataStart, dataStart + entry.compressedSize);
  return { size: entry.size, chunks: () => unpackEntry(entry, data()) };
};

function folderContent(
  deps: PublishAssetsDeps,
  artifact: ArtifactRef,
  scan: Scan,
  { files }: Extract<Asset, { type: "folder" }>,
): AssetContent {
  const { size, segments } = repack(
    files.map(({ name, entry }) => ({ name, entry, dataStart: scanned(entry, scan).dataStart })),
  );
  return { size, chunks: () => copied(deps.artifacts, artifact, segments) };
}

/** A gap up to this size is read and dropped, which is cheaper than a second request. */
const smallGap = 1024 * 1024;

/** The segments are in ascending order, so ranges that are close together become one request. */
async function* copied(
  artifacts: PublishAssetsDeps["artifacts"],
  artifact: ArtifactRef,
  segments: readonly Segment[],
): AsyncGenerator<Uint8Array> {
  const runs: { start: number; end: number }[] = [];
  for (const segment of segments) {
    if (segment.type === "bytes") continue;
    const last = runs.at(-1);
    if (last !== undefined && segment.start - last.end <= smallGap) last.end = segment.end;
    else runs.push({ start: segment.start, end: segment.end });
  }
  let source: Stretch | undefined;
  for (const segment of segments) {
    if (segment.type === "bytes") {
      yield segment.bytes;
      continue;
    }
    const run = runs[0];
    if (run !== undefined && segment.start === run.start) {
      source = new Stretch(artifacts.stream(artifact, run.start, run.end), run.start);
      runs.shift();
    }
    if (source !== undefined) yield* source.take(segment.start, segment.end);
  }
}

/** A range of the artifact that is read forwards in chunks. */
class Stretch {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #at: number;
  #held: Uint8Array = new Uint8Array(0);

  constructor(chunks: AsyncIterable<Uint8Array>, start: number) {
    this.#chunks = chunks[Symbol.asyncIterator]();
    this.#at = start;
  }

  async *take(start: number, end: number): AsyncGenerator<Uint8Array> {
    while (this.#at < end) {
      if (this.#held.length === 0) {
        const { value, done } = await this.#chunks.next();
        if (done)
          throw new ReleaseError("ZipTruncated", `The artifact ended at byte ${this.#at}, before ${end}.`);
        this.#held = value;
        continue;
      }
      const skipped = Math.min(this.#held.length, Math.max(0, start - this.#at));
      const wanted = Math.min(this.#held.length, end - this.#at);
      if (wanted > skipped) yield this.#held.subarray(skipped, wanted);
      this.#held = this.#held.subarray(wanted);
      this.#at += wanted;
    }
  }
}

function scanned(entry: ZipEntry, { entries }: Scan): NonNullable<ReturnType<Scan["entries"]["get"]>> {
  const found = entries.get(entry.name);
  if (found !== undefined) return found;
  throw new TypeError(`The entry ${entry.name} was not scanned.`);
}

const inMemory = (bytes: Uint8Array): AssetContent => ({
  size: bytes.length,
  chunks: async function* () {
    yield bytes;
  },
});
