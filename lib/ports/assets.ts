/**
 * The port to the assets of artifacts in one region's cache. An asset is named after its content and is written
 * once; an asset that exists is not trusted by its name, so each answer has the digest of its bytes.
 */
import type { StoredAsset } from "#release/stack/stored-asset.ts";

export type AssetContent = { readonly size: number; readonly chunks: () => AsyncIterable<Uint8Array> };

/** Content whose SHA-256 (hex) is known before its first byte is read. */
export type DigestedContent = AssetContent & { readonly sha256: string };

export type Assets = {
  readonly bucket: string;
  readonly region: string;
  /** The newest version under the key; undefined when there is none, or a delete marker. */
  readonly newest: (key: string) => Promise<StoredAsset | undefined>;
  readonly version: (key: string, versionId: string) => Promise<StoredAsset | undefined>;
  /**
   * Stores the content only if there is no such key, and only if its bytes have the digest. Returns the id of
   * the new version, or undefined when the key exists already.
   */
  readonly putOnce: (key: string, content: DigestedContent) => Promise<string | undefined>;
  /** The anchor's assets in another region. */
  readonly elsewhere: (region: string) => Assets;
};
