/** The port to the marks that lines leave for each other in the cache bucket. */

/** A mark as it is stored, with every version there is of it. */
export type StoredSlotRecord = { readonly key: string; readonly versions: readonly string[] };

/** What lines leave for each other. A listing shows every mark whose writing has ended, and none that was removed. */
export type SlotRecords = {
  readonly list: (prefix: string) => Promise<readonly StoredSlotRecord[]>;
  readonly get: (key: string) => Promise<Uint8Array | undefined>;
  readonly put: (key: string, content: Uint8Array) => Promise<StoredSlotRecord>;
  /** Those that are gone already are gone. */
  readonly remove: (slotRecords: readonly StoredSlotRecord[]) => Promise<void>;
};
