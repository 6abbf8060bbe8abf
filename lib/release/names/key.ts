/**
 * The contract with every CI: the key of an artifact names its release line. This file decides which keys are
 * well-formed, and where the result of each upload is written.
 */

import { ReleaseError } from "#release/errors/errors.ts";
import { folders } from "./deployed-names.ts";
import { sha256Hex } from "./digest.ts";

/**
 * A release line: the unit that is released, one version after the other. `account` is the anchor's account.
 */
export type Line = { readonly account: string; readonly app: string; readonly branch: string };

/**
 * The keys of one upload's result. `latest` is missing where another line's result could have the same key.
 */
type ResultKeys = { readonly version: string; readonly latest?: string };

const ending = "/latest.zip";
const byHash = "by-hash";
const longestKey = 1024; // bytes of UTF-8, S3's limit
const longestVersionId = 36; // S3's are 32 characters; room for other stores' UUIDs

/** True for keys that Kedge or the cloud team writes, which are never artifacts. */
export const isOwnKey = (key: string): boolean =>
  [folders.results, folders.reviews, folders.uploads, folders.people, folders.cli].some((folder) =>
    key.startsWith(folder),
  );

export const isResultKey = (key: string): boolean => key.startsWith(folders.results);

export const formatKey = (line: Line): string => `${line.account}/${line.app}/${line.branch}${ending}`;

/**
 * Parses a key; the exact inverse of `formatKey`. It decodes, trims and normalises nothing. Throws a
 * `ReleaseError` that names the defect.
 */
export function parseKey(key: string): Line {
  const shown = JSON.stringify(key);
  if (!key.endsWith(ending)) {
    throw new ReleaseError("KeyMalformed", `The key ${shown} does not end in ${ending}.`);
  }
  const [account = "", app, ...branch] = key.slice(0, -ending.length).split("/");
  if (!/^\d{12}$/.test(account)) {
    const seen = JSON.stringify(account);
    throw new ReleaseError(
      "KeyAccountMalformed",
      `The key ${shown} begins with ${seen}, not with 12 digits.`,
    );
  }
  if (app === undefined || branch.length === 0) {
    const missing = app === undefined ? "neither an app nor a branch" : "no branch";
    throw new ReleaseError("KeyMissingSegments", `The key ${shown} names ${missing}.`);
  }
  const segments = [app, ...branch];
  if (segments.includes("")) {
    throw new ReleaseError("KeyEmptySegment", `The key ${shown} has an empty segment.`);
  }
  if (segments.some(isDots)) {
    throw new ReleaseError("KeyDotSegment", `The key ${shown} has a segment of dots only.`);
  }
  if (hasControlCharacter(key)) {
    throw new ReleaseError("KeyControlCharacter", `The key ${shown} has a control character.`);
  }
  if (byteLength(plainResultKey(key, "v".repeat(longestVersionId))) > longestKey) {
    const seen = `The key has ${byteLength(key)} bytes, which leaves no room for its result key`;
    throw new ReleaseError("KeyTooLong", `${seen} (${longestKey} bytes with the version id): ${shown}.`);
  }
  return { account, app, branch: branch.join("/") };
}

/** The line at a key of the artifact bucket; undefined at a key that names no line. */
export function lineOfKey(key: string): Line | undefined {
  try {
    return parseKey(key);
  } catch (error) {
    if (error instanceof ReleaseError) return undefined;
    throw error;
  }
}

/**
 * Where results go, for well-formed and malformed keys alike. A key that cannot be mirrored (too long, dots, control
 * characters) is filed under its hash, still below the uploader's account, where its CI may read.
 */
export function resultKeys(key: string, versionId: string): ResultKeys {
  const plain = plainResultKey(key, versionId);
  const segments = key.split("/");
  const cannotBeMirrored =
    byteLength(plain) > longestKey || hasControlCharacter(key) || segments.some(isDots);
  // An app of that name would share the folder of keys that are filed there.
  if (cannotBeMirrored || segments[1] === byHash) {
    const account = /^\d{12}(?=\/)/.exec(key)?.[0] ?? "unknown-account";
    const folder = `${folders.results}${account}/${byHash}/${sha256Hex(key)}`;
    return { version: `${folder}/${versionId}.json`, latest: `${folder}/latest.json` };
  }
  // Without the ending, `a/b/c` would share the `latest.json` of the well-formed `a/b/c/latest.zip`.
  return key.endsWith(ending)
    ? { version: plain, latest: plainResultKey(key, "latest") }
    : { version: plain };
}

function plainResultKey(key: string, name: string): string {
  const folder = key.endsWith(ending) ? key.slice(0, -ending.length) : key;
  return `${folders.results}${folder}/${name}.json`;
}

const isDots = (segment: string): boolean => segment === "." || segment === "..";

const hasControlCharacter = (text: string): boolean => /\p{Control}/u.test(text);

const byteLength = (text: string): number => new TextEncoder().encode(text).length;
