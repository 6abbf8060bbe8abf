/** The port to the records of uploads in the central bucket. A record is written once. */
import type { UploadRecord } from "#release/people/upload-record.ts";

export type UploadRecords = {
  /** Leaves a record that exists as it is. */
  readonly write: (key: string, versionId: string, record: UploadRecord) => Promise<void>;
  /** Undefined for a version without a record. */
  readonly read: (key: string, versionId: string) => Promise<UploadRecord | undefined>;
};
