/** The port to the marks that lines leave for each other in the cache bucket. */

/** A mark as it is stored, with every version there is of it. */
export type StoredMark = { readonly key: string; readonly versions: readonly string[] };

/** What lines leave for each other. A listing shows every mark whose writing has ended, and none that was removed. */
export type Marks = {
  readonly list: (prefix: string) => Promise<readonly StoredMark[]>;
  readonly get: (key: string) => Promise<Uint8Array | undefined>;
  readonly put: (key: string, content: Uint8Array) => Promise<StoredMark>;
  /** Those that are gone already are gone. */
  readonly remove: (marks: readonly StoredMark[]) => Promise<void>;
};
