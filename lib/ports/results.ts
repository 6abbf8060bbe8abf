/** The port to the result objects in the central bucket. */

export type Results = {
  readonly read: (key: string) => Promise<string | undefined>;
  readonly write: (key: string, json: string) => Promise<void>;
};
