/**
 * The record of a line's names, at the line's code in the cache. It reserves the code, it finds the line for an event
 * of a stack with a short name, and it says whether the line's stacks have short names. A line of a
 * release template before 1.1.0 has no record until its pipeline is named by the digest.
 */
import type { LineCache } from "#ports/line-cache.ts";
import { valueTree } from "#release/document/node-tree.ts";
import { parsedJson } from "#release/document/parsed-json.ts";
import { object, oneOf, readShape } from "#release/document/shape.ts";
import { ReleaseError } from "#release/errors/errors.ts";
import { canonicalJson } from "#release/names/digest.ts";
import { formatKey, type Line } from "#release/names/key.ts";
import { cacheKeys, codeOfLineName, lineCode, lineName } from "#release/names/names.ts";
import type { StackNaming } from "#release/names/stack-names.ts";
import { lineShape } from "#release/plan/release-document.ts";

type LineRecord = { readonly line: Line; readonly stacks: StackNaming };

const recordShape = object({ line: lineShape, stacks: oneOf("short", "long") });

/** S3 refuses a conditional write while another write to the same key runs. The message is handled again. */
class RecordNotReady extends Error {
  override name = "RecordNotReady";
}

const isSame = (one: Line, other: Line): boolean => formatKey(one) === formatKey(other);

/** Undefined when no line has the code. */
export async function recordOf(cache: Pick<LineCache, "get">, code: string): Promise<LineRecord | undefined> {
  const key = cacheKeys.record(code);
  const bytes = await cache.get(key);
  if (bytes === undefined) return undefined;
  const read = readShape(recordShape, valueTree(parsedJson(new TextDecoder().decode(bytes))));
  if ("value" in read) return read.value;
  throw new ReleaseError("ReleaseDocumentMalformed", `${key} names no line.`);
}

/**
 * The names that the line's stacks have; undefined for a line without stacks. Throws `NameTaken` when another line
 * has the same code.
 */
export async function namingOf(
  cache: Pick<LineCache, "get">,
  line: Line,
  hasPipeline: boolean,
): Promise<StackNaming | undefined> {
  const record = await recordOf(cache, lineCode(line));
  if (record !== undefined) return requireOwn(record, line).stacks;
  const exists = hasPipeline || (await cache.get(cacheKeys.line(lineName(line)))) !== undefined;
  return exists ? "long" : undefined;
}

/** Reserves the line's code. Throws `NameTaken` when another line has reserved it. */
export async function reserveNames(cache: LineCache, line: Line, stacks: StackNaming): Promise<void> {
  const code = lineCode(line);
  const record: LineRecord = { line, stacks };
  if (await cache.putOnce(cacheKeys.record(code), new TextEncoder().encode(canonicalJson(record)))) return;
  const reserved = await recordOf(cache, code);
  if (reserved === undefined) throw new RecordNotReady(`${cacheKeys.record(code)} is being written.`);
  requireOwn(reserved, line);
}

/** Removes the record of the line of this name. A record of another line stays. */
export async function removeRecord(cache: Pick<LineCache, "get" | "remove">, name: string): Promise<void> {
  const code = codeOfLineName(name);
  const record = await recordOf(cache, code);
  if (record !== undefined && lineName(record.line) === name) await cache.remove(cacheKeys.record(code));
}

function requireOwn(record: LineRecord, line: Line): LineRecord {
  if (isSame(record.line, line)) return record;
  const seen = `${formatKey(line)} and ${formatKey(record.line)} have the same code ${lineCode(line)} in their names.`;
  throw new ReleaseError("NameTaken", seen);
}
