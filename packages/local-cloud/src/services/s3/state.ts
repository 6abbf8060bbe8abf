/**
 * Declares the state of S3: buckets by their global names, the versions of their objects, and unfinished
 * uploads.
 */
import type * as sdk from "@aws-sdk/client-s3";
import type { Blob, Blobs } from "#cloud/kernel/blobs.ts";
import type { Call, OperationOf, Operations } from "#cloud/kernel/service.ts";
import type { Table } from "#cloud/kernel/store.ts";
import type { BucketKeys } from "./bucket-keys.ts";

export type S3Operation<Name extends keyof Operations<typeof sdk, State>> = OperationOf<
  typeof sdk,
  State,
  Name
>;
export type S3Call = Call<State>;

export type Bucket = {
  readonly name: string;
  /** A new bucket with a used name gets another id, and so none of the old objects. */
  readonly id: string;
  readonly account: string;
  readonly region: string;
  readonly createdAt: Date;
  readonly versioning?: "Enabled" | "Suspended";
  readonly policy?: string;
  readonly tags: readonly sdk.Tag[];
  readonly encryption: sdk.ServerSideEncryptionConfiguration;
  readonly ownership?: sdk.OwnershipControls;
  readonly publicAccess?: sdk.PublicAccessBlockConfiguration;
  readonly notifications: sdk.NotificationConfiguration;
  readonly lifecycle?: readonly sdk.LifecycleRule[];
  readonly cors?: readonly sdk.CORSRule[];
  readonly logging?: sdk.LoggingEnabled;
  readonly website?: sdk.WebsiteConfiguration;
  readonly payer?: sdk.Payer;
  readonly acceleration?: sdk.BucketAccelerateStatus;
};

/** A range of bytes in a blob. */
export type Segment = { readonly blob: Blob; readonly start: number; readonly end: number };

export type ChecksumAlgorithm = "CRC32" | "CRC32C" | "CRC64NVME" | "SHA1" | "SHA256" | "SHA512" | "MD5";

export type Checksum = {
  readonly algorithm: ChecksumAlgorithm;
  /** Base64; composite checksums end in `-<parts>`. */
  readonly value: string;
  readonly type: "COMPOSITE" | "FULL_OBJECT";
};

export type Encryption =
  | { readonly algorithm: "AES256" }
  | {
      readonly algorithm: "aws:kms" | "aws:kms:dsse";
      readonly keyArn: string;
      readonly bucketKey: boolean;
      /** The encrypted data key. A reader needs permission to decrypt it. */
      readonly dataKey: Uint8Array;
      readonly context: Readonly<Record<string, string>>;
    };

/** The metadata that a client sends with an object and gets back with it. */
export type Description = {
  readonly metadata: Readonly<Record<string, string>>;
  readonly contentType: string;
  readonly cacheControl?: string;
  readonly contentDisposition?: string;
  readonly contentEncoding?: string;
  readonly contentLanguage?: string;
  readonly expires?: string;
  readonly redirect?: string;
  readonly storageClass: sdk.StorageClass;
  readonly tags: readonly sdk.Tag[];
};

export type Version = {
  /** Grows with each change in the bucket; hexadecimal with a fixed length. */
  readonly sequence: string;
  readonly key: string;
  /** `null` if the bucket had no versioning. */
  readonly versionId: string;
  readonly lastModified: Date;
  readonly content?: Content;
};

/** A delete marker has no content. */
export type Content = Description & {
  readonly size: number;
  /** Without quotes. */
  readonly etag: string;
  readonly segments: readonly Segment[];
  readonly checksum: Checksum;
  readonly encryption: Encryption;
  /** The parts of a multipart object. */
  readonly parts?: readonly { readonly number: number; readonly size: number; readonly checksum?: string }[];
  /** The upload of a multipart object. A repeated CompleteMultipartUpload finds the object by it. */
  readonly uploadId?: string;
};

export type Upload = Description & {
  readonly id: string;
  readonly bucketId: string;
  readonly key: string;
  readonly initiatedAt: Date;
  readonly initiator: string;
  readonly encryption: Encryption;
  readonly checksumAlgorithm: ChecksumAlgorithm;
  readonly checksumType: "COMPOSITE" | "FULL_OBJECT";
  /** The client chose the checksum, so it must send it. */
  readonly checksumAsked: boolean;
};

export type Part = {
  readonly uploadId: string;
  readonly number: number;
  readonly size: number;
  /** The part's MD5 in hex. */
  readonly md5: string;
  readonly etag: string;
  readonly checksum: string;
  readonly segments: readonly Segment[];
  readonly lastModified: Date;
};

export type State = {
  readonly buckets: Table<Bucket>;
  readonly uploads: Table<Upload>;
  readonly parts: Table<Part>;
  readonly objects: (bucket: Bucket) => ObjectIndex;
  readonly blobs: BlobReferences;
  readonly bucketKeys: BucketKeys;
};

/** Bucket names are global, so the buckets of all accounts are stored under this account name. */
const GLOBAL_ACCOUNT = "aws";

export const globalStateOf = (call: Pick<S3Call, "stateOf">): State => call.stateOf(GLOBAL_ACCOUNT);

export type ObjectIndex = {
  /** The newest version comes first. Delete markers are included. */
  readonly versions: (key: string) => readonly Version[];
  /** Returns the newest version, which may be a delete marker. */
  readonly newest: (key: string) => Version | undefined;
  readonly find: (key: string, versionId: string) => Version | undefined;
  /** The keys that have versions, in UTF-8 order. */
  readonly keys: () => readonly string[];
  readonly all: () => Iterable<Version>;
  /** Adds a version as the newest, or stores a changed version. */
  readonly put: (version: Version) => void;
  readonly remove: (version: Version) => void;
  /** Returns a sequence above all earlier ones. */
  readonly nextSequence: (now: Date) => string;
};

export type BlobReferences = {
  readonly hold: (segments: readonly Segment[]) => void;
  readonly release: (segments: readonly Segment[], blobs: Blobs) => Promise<void>;
};
