/** The port to the results that a line has, for reviews that show its last releases. */

export type PastResults = {
  /** The keys of the objects directly in the folder, which ends in a slash; the last written first. */
  readonly newestFirst: (folder: string) => Promise<readonly string[]>;
};
