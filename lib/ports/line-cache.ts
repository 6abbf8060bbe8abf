/** The port to the cache bucket of an anchor, where it keeps a record and a release bundle for each line. */

export type LineCache = {
  readonly get: (key: string) => Promise<Uint8Array | undefined>;
  /** `summary` becomes the revision summary of an execution whose source it is. Answers the new version's id. */
  readonly put: (key: string, content: Uint8Array, summary?: string) => Promise<string>;
  /** The line names there are folders of. */
  readonly lineNames: () => Promise<readonly string[]>;
  /** Removes every version of every object whose key begins so. */
  readonly remove: (prefix: string) => Promise<void>;
  /** The same of the anchor's cache in another region, where only CodePipeline and parts leave anything. */
  readonly removeIn: (region: string, prefix: string) => Promise<void>;
};
