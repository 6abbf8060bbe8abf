/** The port to the assets of artifacts. An asset is named after its content and is written once. */

export type AssetContent = { readonly size: number; readonly chunks: () => AsyncIterable<Uint8Array> };

export type Assets = {
  readonly bucket: string;
  readonly region: string;
  readonly has: (key: string) => Promise<boolean>;
  readonly put: (key: string, content: AssetContent) => Promise<void>;
  /** The anchor's assets in another region. */
  readonly elsewhere: (region: string) => Assets;
};
