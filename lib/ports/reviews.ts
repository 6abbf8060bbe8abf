/** The port to the reviews that approvers read. A review is written once. */

export type Reviews = {
  readonly bucket: string;
  /** Leaves an object that exists as it is. */
  readonly write: (key: string, content: string, contentType: string) => Promise<void>;
  /** Undefined when there is no such object. */
  readonly read: (key: string) => Promise<string | undefined>;
};
