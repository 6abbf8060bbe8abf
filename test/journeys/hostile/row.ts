/** One row of the table of hostile uploads: the key, the bytes and the expected outcome. */
import type { ErrorCode } from "#release/errors/errors.ts";

export type Outcome =
  /** A result tells the uploader why; there is no pipeline. */
  | { readonly rejected: ErrorCode }
  /** A pipeline finds the error before any account changes. */
  | { readonly failed: ErrorCode }
  /** S3 itself rejects the request, with this error code. */
  | { readonly rejectedByS3: string }
  /** The outcome of a tombstone. */
  | "torn-down"
  /** S3 accepts the object, but it is no upload to a line and gets no result. */
  | "ignored"
  | "released";

export type Row = {
  readonly what: string;
  /** The whole key. Without it, the artifact gets a line of its own. */
  readonly key?: string;
  readonly bytes: Uint8Array | (() => Uint8Array | Promise<Uint8Array>);
  readonly becomes: Outcome;
  /** The uploader: the line's CI, or the administrator of the central account, who may write any key. */
  readonly as?: "ci" | "cloud team";
  /** Uploaded to the same key before this row, with its result. */
  readonly after?: Uint8Array;
};

export const rejected = (code: ErrorCode): Outcome => ({ rejected: code });
export const failed = (code: ErrorCode): Outcome => ({ failed: code });
export const rejectedByS3 = (code: string): Outcome => ({ rejectedByS3: code });

/**
 * Odd but valid artifacts contain this file. Kedge reads them to their end, and then rejects them for an
 * unknown environment, which costs no release.
 */
export const marker = { name: "parameters.nowhere.json", content: "{}" } as const;
export const readToItsEnd: Outcome = { rejected: "UnknownEnvironment" };

export const template = JSON.stringify({ Resources: { Topic: { Type: "AWS::SNS::Topic" } } });
export const lawful = { name: "template.json", content: template } as const;
export const noZip = Buffer.from("no zip");
