/** The port to the cache bucket of an anchor, where it keeps a record and a release bundle for each line. */

export type LineCache = {
  readonly get: (key: string) => Promise<Uint8Array | undefined>;
  /**
   * `summary` becomes the revision summary of an execution with this object as its source. Answers the new
   * version's id.
   */
  readonly put: (key: string, content: Uint8Array, summary?: string) => Promise<string>;
  /** Writes the object if there is none at the key. Returns false when there is one. */
  readonly putOnce: (key: string, content: Uint8Array) => Promise<boolean>;
  /** The names of the lines that have a folder. */
  readonly lineNames: () => Promise<readonly string[]>;
  /** Removes every version of every object below the prefix. */
  readonly remove: (prefix: string) => Promise<void>;
  /**
   * Does the same in the anchor's cache of another region, which holds only pipeline artifacts and assets.
   */
  readonly removeIn: (region: string, prefix: string) => Promise<void>;
};
