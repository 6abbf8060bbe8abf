/** The port to the parts of artifacts. A part is named after its content and is written once. */

export type PartContent = { readonly size: number; readonly chunks: () => AsyncIterable<Uint8Array> };

export type Parts = {
  readonly bucket: string;
  readonly region: string;
  readonly has: (key: string) => Promise<boolean>;
  readonly put: (key: string, content: PartContent) => Promise<void>;
  /** The anchor's parts in another region. */
  readonly elsewhere: (region: string) => Parts;
};
