/** Parses an event pattern. An invalid pattern is rejected with the reason of AWS's own parser. */
import { parseAddress } from "./address.ts";
import type { Pattern, Scalar, Test } from "./pattern.ts";
import { fault, PatternError } from "./pattern-error.ts";
import { readWildcard } from "./wildcard.ts";

/** The most branches that `$or` may make (EventBridge User Guide, "Using $or in event patterns"). */
const BRANCHES = 1000;

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
  const branches = readObject(json as Record<string, Json>, "", [new Map()], true).map((branch) =>
    [...branch]
      .map(([path, tests]) => ({ path, tests }))
      .sort((left, right) => (left.path < right.path ? -1 : 1)),
  );
  return { branches };
}

type Fields = ReadonlyMap<string, readonly Test[]>;

/** Adds the fields of an object to each branch. `$or` makes the branches of each of its objects. */
function readObject(
  json: Readonly<Record<string, Json>>,
  path: string,
  branches: readonly Fields[],
  top = false,
): readonly Fields[] {
  const entries = Object.entries(json);
  if (entries.length === 0)
    throw fault(top ? "Empty patterns are not allowed" : "Empty objects are not allowed");
  let all = branches;
  for (const [name, value] of entries) {
    const inner = path === "" ? name : `${path}.${name}`;
    if (name === "$or" && Array.isArray(value) && value.every(isRecord)) {
      if (value.length < 2) throw fault("There must have at least 2 Objects in $or relationship");
      const before = all;
      all = value.flatMap((part) => readObject(part, path, before));
      if (all.length > BRANCHES) throw fault(`Rule has more than ${BRANCHES} combinations of $or`);
    } else if (Array.isArray(value)) {
      if (value.length === 0) throw fault("Empty arrays are not allowed");
      const tests = (value as readonly Json[]).map(readTest);
      all = all.map((branch) => new Map([...branch, [inner, tests]]));
    } else if (isRecord(value)) all = readObject(value, inner, all);
    else throw fault(`"${name}" must be an object or an array`);
  }
  return all;
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
      return { kind, pattern: readWildcard(text(value, kind)) };
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

function readAnythingBut(value: Json): readonly Test[] {
  if (!isRecord(value)) return readPlainAnythingBut(value);
  const [[kind, inner] = ["", null], ...more] = Object.entries(value);
  if (!["prefix", "suffix", "equals-ignore-case", "wildcard"].includes(kind))
    throw fault(`Unsupported anything-but pattern: ${kind}`);
  if (more.length > 0) throw fault("Too many elements in numeric expression");
  const list = (Array.isArray(inner) ? inner : [inner]) as readonly Json[];
  if (list.length === 0) throw fault("Empty arrays are not allowed");
  return list.map((item) => {
    if (typeof item !== "string") throw fault(notText[kind] ?? `${kind} match pattern must be a string`);
    if (item === "" && (kind === "prefix" || kind === "suffix"))
      throw fault("Null prefix/suffix not allowed");
    return readTest({ [kind]: item });
  });
}

const notText: Readonly<Record<string, string>> = {
  prefix: "prefix/suffix match pattern must be a string",
  suffix: "prefix/suffix match pattern must be a string",
  "equals-ignore-case":
    "Inside anything-but/equals-ignore-case list, number|start|null|boolean is not supported.",
};

function readPlainAnythingBut(value: Json): readonly Test[] {
  const list = (Array.isArray(value) ? value : [value]) as readonly Json[];
  if (list.some((item) => typeof item !== "string" && typeof item !== "number"))
    throw fault(
      Array.isArray(value)
        ? "Inside anything but list, start|null|boolean is not supported."
        : "Value of anything-but must be an array or single string/number value.",
    );
  if (new Set(list.map((item) => typeof item)).size !== 1)
    throw fault(
      "Inside anything but list, either all values are number or string, mixed type is not supported",
    );
  return list.map((item) => ({ kind: "exact", value: item as Scalar }));
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
