/** Keeps the objects of one bucket: a table of versions, and in memory the keys in S3's order. */

import type { Table } from "#cloud/kernel/store.ts";
import type { ObjectIndex, Version } from "./state.ts";

const WIDTH = 18;

export function createObjectIndex(table: Table<Version>): ObjectIndex {
  const byKey = new Map<string, Version[]>();
  let sorted: string[] | undefined;
  let last = 0n;

  const insert = (version: Version): void => {
    const versions = byKey.get(version.key);
    if (versions === undefined) {
      byKey.set(version.key, [version]);
      if (sorted !== undefined) sorted.splice(lowerBound(sorted, version.key), 0, version.key);
      return;
    }
    const at = versions.findIndex((other) => other.sequence <= version.sequence);
    if (at < 0) versions.push(version);
    else versions.splice(at, versions[at]?.sequence === version.sequence ? 1 : 0, version);
  };
  for (const version of table.values()) {
    insert(version);
    const sequence = BigInt(`0x${version.sequence}`);
    if (sequence > last) last = sequence;
  }
  // A crash between writing a new null version and removing the old one leaves two null versions.
  for (const [key, versions] of byKey) {
    const [, ...old] = versions.filter(({ versionId }) => versionId === "null");
    for (const { sequence } of old) table.delete(sequence);
    if (old.length > 0)
      byKey.set(
        key,
        versions.filter((version) => !old.includes(version)),
      );
  }

  const versions = (key: string): readonly Version[] => byKey.get(key) ?? [];
  return {
    versions,
    newest: (key) => byKey.get(key)?.[0],
    find: (key, versionId) => versions(key).find((version) => version.versionId === versionId),
    keys: () => {
      sorted ??= [...byKey.keys()].sort(compareKeys);
      return sorted;
    },
    all: () => table.values(),
    put: (version) => {
      table.set(version.sequence, version);
      insert(version);
    },
    remove: (version) => {
      table.delete(version.sequence);
      const left = versions(version.key).filter(({ sequence }) => sequence !== version.sequence);
      if (left.length > 0) byKey.set(version.key, left);
      else if (byKey.delete(version.key) && sorted !== undefined)
        sorted.splice(lowerBound(sorted, version.key), 1);
    },
    nextSequence: (now) => {
      const byTime = BigInt(now.getTime()) << 20n;
      last = last >= byTime ? last + 1n : byTime;
      return last.toString(16).toUpperCase().padStart(WIDTH, "0");
    },
  };
}

/**
 * UTF-8 order. It differs from JavaScript's order only for surrogates and the characters U+E000 to U+FFFF.
 */
export function compareKeys(left: string, right: string): number {
  const length = Math.min(left.length, right.length);
  for (let at = 0; at < length; at += 1) {
    const [a, b] = [left.charCodeAt(at), right.charCodeAt(at)];
    if (a === b) continue;
    const surrogates = (a & 0xf800) === 0xd800 ? 1 : 0;
    const others = (b & 0xf800) === 0xd800 ? 1 : 0;
    return surrogates === others ? a - b : a >= 0xd800 && b >= 0xd800 ? surrogates - others : a - b;
  }
  return left.length - right.length;
}

/** Returns the first position whose key is not below `key`. */
export function lowerBound(keys: readonly string[], key: string): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareKeys(keys[middle] ?? "", key) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
