/** One row of the table of hostile uploads: what is put where, and what has to become of it. */
import type { ErrorCode } from "#release/errors/errors.ts";

export type Outcome =
  /** A result that tells the uploader why; there is no pipeline. */
  | { readonly rejected: ErrorCode }
  /** A pipeline finds it before any account is touched. */
  | { readonly failed: ErrorCode }
  /** S3 itself refuses it, with this code. */
  | { readonly refused: string }
  /** A tombstone's. */
  | "torn-down"
  /** Taken, and answered by nobody: it is no upload to a line. */
  | "ignored"
  | "released";

export type Row = {
  readonly what: string;
  /** The whole key; without it, the artifact of a line of its own. */
  readonly key?: string;
  readonly bytes: Uint8Array | (() => Uint8Array | Promise<Uint8Array>);
  readonly becomes: Outcome;
  /** Who uploads: the line's CI, or somebody who may put anything anywhere. */
  readonly as?: "ci" | "cloud team";
  /** Uploaded just before to the same key, and answered. */
  readonly after?: Uint8Array;
};

export const rejected = (code: ErrorCode): Outcome => ({ rejected: code });
export const failed = (code: ErrorCode): Outcome => ({ failed: code });
export const refused = (code: string): Outcome => ({ refused: code });

/**
 * Odd but lawful artifacts carry this file: they are read to their end, and then rejected for an environment nobody has,
 * which costs no release.
 */
export const marker = { name: "parameters.nowhere.json", content: "{}" } as const;
export const readToItsEnd: Outcome = { rejected: "UnknownEnvironment" };

export const template = JSON.stringify({ Resources: { Topic: { Type: "AWS::SNS::Topic" } } });
export const lawful = { name: "template.json", content: template } as const;
export const noZip = Buffer.from("no zip");
