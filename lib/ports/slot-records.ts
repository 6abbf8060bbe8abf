/** The port to the slot records of lines in the cache bucket. Every line of the anchor reads them. */

/** A stored slot record with all its versions. */
export type StoredSlotRecord = { readonly key: string; readonly versions: readonly string[] };

/** A listing contains every record whose write has ended, and no removed record. */
export type SlotRecords = {
  readonly list: (prefix: string) => Promise<readonly StoredSlotRecord[]>;
  readonly get: (key: string) => Promise<Uint8Array | undefined>;
  readonly put: (key: string, content: Uint8Array) => Promise<StoredSlotRecord>;
  /** Ignores records that are removed already. */
  readonly remove: (slotRecords: readonly StoredSlotRecord[]) => Promise<void>;
};
