/** Parses an event pattern. An invalid pattern is rejected with the reason of AWS's own parser. */
import { parseAddress } from "./address.ts";
import type { Pattern, Scalar, Test } from "./pattern.ts";

export class PatternError extends Error {
  override name = "PatternError";
}

type Json = Scalar | readonly Json[] | { readonly [key: string]: Json };

export function parsePattern(text: string): Pattern {
  let json: Json;
  try {
    json = JSON.parse(text) as Json;
  } catch (cause) {
    throw new PatternError(`Event pattern is not valid. Reason: ${(cause as Error).message}`, { cause });
  }
  if (typeof json !== "object" || json === null || Array.isArray(json))
    throw fault("Filter is not an object");
  return readPattern(json as Record<string, Json>, true);
}

const fault = (reason: string): PatternError =>
  new PatternError(`Event pattern is not valid. Reason: ${reason}`);

function readPattern(json: Readonly<Record<string, Json>>, top = false): Pattern {
  const entries = Object.entries(json);
  if (entries.length === 0)
    throw fault(top ? "Empty patterns are not allowed" : "Empty objects are not allowed");
  const fields: { name: string; match: readonly Test[] | Pattern }[] = [];
  const or: (readonly Pattern[])[] = [];
  for (const [name, value] of entries) {
    if (name === "$or" && Array.isArray(value) && value.every(isRecord)) {
      if (value.length < 2) throw fault("There must have at least 2 Objects in $or relationship");
      or.push(value.map((part) => readPattern(part)));
    } else if (Array.isArray(value)) {
      if (value.length === 0) throw fault("Empty arrays are not allowed");
      fields.push({ name, match: (value as readonly Json[]).map(readTest) });
    } else if (isRecord(value)) fields.push({ name, match: readPattern(value) });
    else throw fault(`"${name}" must be an object or an array`);
  }
  return { fields, or };
}

const isRecord = (value: Json): value is Readonly<Record<string, Json>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function readTest(json: Json): Test {
  if (Array.isArray(json)) throw fault("Match value must be String, number, true, false, or null");
  if (!isRecord(json)) return { kind: "exact", value: json as Scalar };
  const [entry, ...more] = Object.entries(json);
  if (entry === undefined) throw fault("Empty objects are not allowed");
  if (more.length > 0) throw fault("Only one key allowed in match expression");
  const [kind, value] = entry;
  switch (kind) {
    case "prefix":
    case "suffix": {
      const ignoring = isRecord(value) ? value["equals-ignore-case"] : undefined;
      return { kind, value: text(ignoring ?? value, kind), ignoreCase: ignoring !== undefined };
    }
    case "equals-ignore-case":
      return { kind, value: text(value, kind).toLowerCase() };
    case "wildcard":
      return { kind, pattern: wildcard(text(value, kind)) };
    case "anything-but":
      return { kind, tests: readAnythingBut(value) };
    case "numeric":
      return { kind, ranges: readNumeric(value) };
    case "exists":
      if (typeof value !== "boolean") throw fault("exists match pattern must be either true or false.");
      return { kind, value };
    case "cidr":
      return readCidr(text(value, kind));
    default:
      throw fault(`Unrecognized match type ${kind}`);
  }
}

function text(value: Json, kind: string): string {
  if (typeof value !== "string") throw fault(`${kind} match pattern must be a string`);
  return value;
}

function wildcard(glob: string): RegExp {
  if (/(?<!\\)(\\\\)*\*\*/.test(glob)) throw fault("Consecutive wildcard characters");
  const source = glob.replace(/\\(.)|\*|([^\\*])/gs, (part, escaped?: string, plain?: string) => {
    if (part === "*") return ".*";
    if (escaped !== undefined && escaped !== "*" && escaped !== "\\") throw fault("Invalid escape character");
    return (escaped ?? plain ?? part).replace(/[.+?^${}()|[\]\\*/]/g, "\\$&");
  });
  return new RegExp(`^${source}$`, "s");
}

function readAnythingBut(value: Json): readonly Test[] {
  if (!isRecord(value)) {
    const list = (Array.isArray(value) ? value : [value]) as readonly Json[];
    if (list.length === 0) throw fault("Empty arrays are not allowed");
    if (list.some((item) => typeof item !== "string" && typeof item !== "number"))
      throw fault("Inside anything but list, start|null|boolean is not supported.");
    return list.map((item) => ({ kind: "exact", value: item as Scalar }));
  }
  const [[kind, inner] = ["", null], ...more] = Object.entries(value);
  if (more.length > 0 || !["prefix", "suffix", "equals-ignore-case", "wildcard"].includes(kind))
    throw fault("Unsupported anything-but pattern");
  const list = (Array.isArray(inner) ? inner : [inner]) as readonly Json[];
  if (list.length === 0) throw fault("Empty arrays are not allowed");
  return list.map((item) => readTest({ [kind]: item }));
}

const OPERATORS = ["=", "<", "<=", ">", ">="];

function readNumeric(value: Json): readonly (readonly [string, number])[] {
  if (!Array.isArray(value)) throw fault("Value of numeric must be an array.");
  const list = value as readonly Json[];
  if (list.length !== 2 && list.length !== 4)
    throw fault("Invalid member in numeric match: too many or too few elements");
  const ranges: (readonly [string, number])[] = [];
  for (let index = 0; index < list.length; index += 2) {
    const [operator, bound] = [list[index], list[index + 1]];
    if (typeof operator !== "string" || !OPERATORS.includes(operator))
      throw fault(`Unrecognized numeric range operator: ${String(operator)}`);
    if (typeof bound !== "number") throw fault(`Value of ${operator} must be numeric`);
    ranges.push([operator, bound]);
  }
  const [low, high] = ranges;
  if (low !== undefined && high !== undefined) {
    if (!low[0].startsWith(">") || !high[0].startsWith("<"))
      throw fault("Bad numeric range operator: a range begins with > or >= and ends with < or <=");
    if (low[1] >= high[1]) throw fault("Bottom must be less than top");
  }
  return ranges;
}

function readCidr(value: string): Test {
  const [address = "", mask = ""] = value.split("/");
  const parsed = parseAddress(address);
  const width = parsed?.version === 4 ? 32 : 128;
  if (parsed === undefined || !/^\d+$/.test(mask) || Number(mask) > width)
    throw fault(`Malformed CIDR, one '/' required and a valid address: ${value}`);
  const shift = BigInt(width - Number(mask));
  return { kind: "cidr", version: parsed.version, base: parsed.value >> shift, bits: Number(shift) };
}
