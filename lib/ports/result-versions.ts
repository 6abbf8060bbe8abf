/**
 * The port to the versions of result objects. Each change of a result is a new version of its object, and no role may
 * delete a version, so the versions are the log of a release.
 */

export type ResultVersion = {
  readonly key: string;
  /** The version id of the result object. */
  readonly id: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  /** The version is a delete marker. */
  readonly removed: boolean;
};

export type ResultVersions = {
  /** The versions of the objects directly in the folder, which ends in a slash. Of one key the newest comes first. */
  readonly list: (folder: string) => Promise<readonly ResultVersion[]>;
  readonly read: (key: string, id: string) => Promise<string>;
};
