/**
 * The content of each kind of asset, with its SHA-256 and its key: a file of the artifact, a packed folder, a
 * rewritten template, and the artifact itself. The content is read from the artifact as a stream.
 */

import type { Artifacts } from "#ports/artifacts.ts";
import type { AssetContent, DigestedContent } from "#ports/assets.ts";
import { ReleaseError } from "#release/errors/errors.ts";
import { sha256Hex } from "#release/names/digest.ts";
import { cacheKeys } from "#release/names/names.ts";
import type { ArtifactRef } from "#release/plan/release.ts";
import type { Scan } from "#release/zip/entry-scan.ts";
import { unpackEntry } from "#release/zip/entry-unpack.ts";
import type { Pack } from "#release/zip/pack-digest.ts";
import type { ZipEntry } from "#release/zip/zip-entry.ts";
import { type Layout, layOut, type Segment, segmentsOf } from "#release/zip/zip-repack.ts";
import type { Asset, LocalTemplate } from "./local-assets.ts";

type ArtifactStream = Pick<Artifacts, "stream">;

/** The scanned artifact, with the digests of its packed folders. */
export type ScannedArtifact = Scan & { readonly packs: ReadonlyMap<string, Pack> };

export type NamedContent = DigestedContent & { readonly key: string };

/** The layouts of all folders to pack, by their id. */
export const layoutsOf = (templates: readonly LocalTemplate[]): ReadonlyMap<string, Layout> =>
  new Map(
    templates.flatMap(({ assets, nested }) => [
      ...assets.flatMap(({ asset }): [string, Layout][] =>
        asset.type === "folder" ? [[packId(asset), layOut(asset.files)]] : [],
      ),
      ...layoutsOf(nested.map(({ template }) => template)),
    ]),
  );

/** Two references to the same files have one pack. */
const packId = ({ files }: Extract<Asset, { type: "folder" }>): string =>
  JSON.stringify(files.map(({ name, entry }) => [name, entry.name]));

export function assetContent(
  artifacts: ArtifactStream,
  artifact: ArtifactRef,
  scan: ScannedArtifact,
  asset: Asset,
): NamedContent {
  if (asset.type === "folder") {
    const { layout, sha256 } = packed(asset, scan);
    const segments = segmentsOf(layout, (entry) => scanned(entry, scan).dataStart);
    const chunks = () => copied(artifacts, artifact, segments);
    return { key: cacheKeys.asset(sha256, ".zip"), sha256, size: layout.size, chunks };
  }
  const { entry } = asset;
  const { sha256 } = scanned(entry, scan);
  const extension = /\.[A-Za-z0-9]{1,10}$/.exec(entry.name)?.[0].toLowerCase();
  return {
    key: cacheKeys.asset(sha256, extension),
    sha256,
    ...fileContent(artifacts, artifact, scan, entry),
  };
}

const fileContent = (
  artifacts: ArtifactStream,
  artifact: ArtifactRef,
  scan: Scan,
  entry: ZipEntry,
): AssetContent => {
  const { dataStart } = scanned(entry, scan);
  const data = () => artifacts.stream(artifact, dataStart, dataStart + entry.compressedSize);
  return { size: entry.size, chunks: () => unpackEntry(entry, data()) };
};

/** A gap up to this size is read and dropped, which is cheaper than a second request. */
const smallGap = 1024 * 1024;

/** The segments are in ascending order, so ranges that are close together become one request. */
async function* copied(
  artifacts: ArtifactStream,
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

function packed(asset: Extract<Asset, { type: "folder" }>, { packs }: ScannedArtifact): Pack {
  const found = packs.get(packId(asset));
  if (found !== undefined) return found;
  throw new TypeError("A folder was not packed while the artifact was scanned.");
}

export function templateContent(text: string): NamedContent {
  const bytes = new TextEncoder().encode(text);
  const sha256 = sha256Hex(bytes);
  return {
    key: cacheKeys.asset(sha256, ".template"),
    sha256,
    size: bytes.length,
    chunks: async function* () {
      yield bytes;
    },
  };
}

export const wholeContent = (
  artifacts: ArtifactStream,
  artifact: ArtifactRef,
  { sha256 }: Scan,
): NamedContent => ({
  key: cacheKeys.asset(sha256, ".zip"),
  sha256,
  size: artifact.size,
  chunks: () => artifacts.stream(artifact),
});
