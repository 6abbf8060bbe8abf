/** Error codes for the upload itself: its key and its zip. */
import type { CodeTable } from "./code-entry.ts";

export const artifactCodes = {
  KeyMalformed: {
    move: "rejected",
    meaning: "The object's key is not <account>/<app>/<branch>/latest.zip.",
    remedy: "Upload to <account>/<app>/<branch>/latest.zip, e.g. 111111111111/shop/main/latest.zip.",
  },
  KeyAccountMalformed: {
    move: "rejected",
    meaning: "The first segment of the key is not an account id.",
    remedy: "Begin the key with the 12 digits of your shared-services account.",
  },
  KeyMissingSegments: {
    move: "rejected",
    meaning: "The key has no app or no branch.",
    remedy: "Upload to <account>/<app>/<branch>/latest.zip; all three segments are required.",
  },
  KeyEmptySegment: {
    move: "rejected",
    meaning: "The key has an empty segment (two slashes in a row, or a slash at its begin).",
    remedy: "Remove the doubled slash from the key.",
  },
  KeyDotSegment: {
    move: "rejected",
    meaning: "The key has a segment that is only dots (`.` or `..`).",
    remedy: "Rename the app or branch: S3 clients cannot address such keys reliably.",
  },
  KeyControlCharacter: {
    move: "rejected",
    meaning: "The key has a control character.",
    remedy: "Remove tabs, line breaks and other control characters from app and branch.",
  },
  KeyTooLong: {
    move: "rejected",
    meaning: "The key of the result would be longer than the 1024 bytes that S3 allows.",
    remedy: "Shorten the app or branch name.",
  },
  AccountUnknown: {
    move: "rejected",
    meaning: "The estate has no anchor with this account id.",
    remedy: "Use your own shared-services account, or ask the cloud team to add it to the estate file.",
  },
  NotAZip: {
    move: "rejected",
    meaning: "The object is not a zip archive.",
    remedy: "Upload a zip; `kedge push <folder>` makes a zip and uploads it.",
  },
  ZipTruncated: {
    move: "rejected",
    meaning: "The zip is shorter than its own directory says.",
    remedy: "Pack and upload the artifact again: the transfer or the packing was cut off.",
  },
  ZipMalformed: {
    move: "rejected",
    meaning: "The zip's directory and its entries contradict each other.",
    remedy: "Pack the artifact again with an ordinary zip tool.",
  },
  ZipMultiDisk: {
    move: "rejected",
    meaning: "The zip is a volume of a split archive.",
    remedy: "Pack the artifact as a single zip.",
  },
  ZipEncrypted: {
    move: "rejected",
    meaning: "The zip has encrypted entries.",
    remedy: "Pack the artifact without a password; the bucket encrypts it already.",
  },
  ZipMethodUnsupported: {
    move: "rejected",
    meaning: "An entry is compressed with a method other than store or deflate.",
    remedy: "Pack the artifact with deflate (the default of zip, jar and sam).",
  },
  ZipSlip: {
    move: "rejected",
    meaning: "The name of an entry points outside of the archive.",
    remedy:
      "Pack with names relative to the artifact's folder: no leading slash, drive letter, backslash or `..`.",
  },
  ZipSymlink: {
    move: "rejected",
    meaning: "An entry is a symbolic link.",
    remedy: "Pack files, not links (zip without -y).",
  },
  ZipDuplicateEntry: {
    move: "rejected",
    meaning: "Two entries have the same name.",
    remedy: "Delete the old zip and pack the artifact again.",
  },
  ZipOverlap: {
    move: "rejected",
    meaning: "Two entries share the same bytes. Only a crafted zip does this.",
    remedy: "Pack the artifact with an ordinary zip tool.",
  },
  ZipBomb: {
    move: "rejected",
    meaning: "The unpacked zip would be larger than the estate allows.",
    remedy:
      "Remove files that the application does not need, or ask the cloud team to raise the estate's limits.",
  },
  ZipTooManyEntries: {
    move: "rejected",
    meaning: "The zip has more entries than the estate allows.",
    remedy:
      "Pack the built output instead of node_modules or caches, or ask the cloud team to raise the estate's limits.",
  },
  ZipChecksum: {
    move: "rejected",
    meaning: "An entry's bytes do not match its checksum.",
    remedy: "Pack and upload the artifact again.",
  },
  AssetTooLarge: {
    move: "rejected",
    meaning: "A file or folder that a template refers to is larger than S3 stores in one request.",
    remedy: "Make it smaller than 5 GiB, or keep it elsewhere than in the artifact.",
  },
  ArtifactTooLarge: {
    move: "rejected",
    meaning: "The artifact is larger than the estate allows.",
    remedy: "Make the artifact smaller, or ask the cloud team to raise the estate's limits.",
  },
} as const satisfies CodeTable;
