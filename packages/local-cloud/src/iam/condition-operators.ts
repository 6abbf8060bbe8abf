/** The condition operators. An operator compares a value of a policy with a value of the request. */
import { BlockList, isIP } from "node:net";
import { arnMatcher, type Matcher, matcher } from "./pattern.ts";

type Operator = {
  /** A negated operator holds for a missing key, and when no listed value matches. */
  readonly negated: boolean;
  /** `variables`: true when `${…}` is a policy variable in this document. */
  readonly compile: (expected: string, variables: boolean) => Matcher;
};

type Compile = Operator["compile"];

const never: Matcher = () => false;
const wholeString: Compile = (expected, variables) => matcher(expected, { variables });
const anyCase: Compile = (expected, variables) => matcher(expected, { variables, ignoreCase: true });
const like: Compile = (expected, variables) => matcher(expected, { variables, wildcards: true });
const arn: Compile = (expected, variables) => arnMatcher(expected, { variables });

const ordered =
  (
    read: (text: string) => number | undefined,
    holds: (actual: number, expected: number) => boolean,
  ): Compile =>
  (expected) => {
    const limit = read(expected);
    if (limit === undefined) return never;
    return (text) => {
      const actual = read(text);
      return actual !== undefined && holds(actual, limit);
    };
  };

const number = (text: string): number | undefined =>
  /^\s*[+-]?\d+(\.\d+)?\s*$/.test(text) ? Number(text) : undefined;

/** Reads ISO 8601, or seconds since 1970. */
const date = (text: string): number | undefined => {
  if (/^\d+(\.\d+)?$/.test(text) && !/^\d{4}$/.test(text)) return Number(text) * 1000;
  const time = Date.parse(text);
  return Number.isNaN(time) ? undefined : time;
};

const bool: Compile = (expected) => (actual) => actual.toLowerCase() === expected.toLowerCase();

const address: Compile = (expected) => {
  const [network = "", prefix] = expected.trim().split("/");
  const family = isIP(network);
  const bits = prefix === undefined ? (family === 4 ? 32 : 128) : Number(prefix);
  if (family === 0 || !Number.isInteger(bits) || bits < 0 || bits > (family === 4 ? 32 : 128)) return never;
  const list = new BlockList();
  list.addSubnet(network, bits, family === 4 ? "ipv4" : "ipv6");
  return (text) => {
    const ip = text.replace(/^::ffff:(?=\d+\.)/i, "");
    const kind = isIP(ip);
    return kind !== 0 && list.check(ip, kind === 4 ? "ipv4" : "ipv6");
  };
};

const positive = (compile: Compile): Operator => ({ negated: false, compile });
const negative = (compile: Compile): Operator => ({ negated: true, compile });

const comparisons = (
  family: "Numeric" | "Date",
  read: (text: string) => number | undefined,
): readonly (readonly [string, Operator])[] => [
  [`${family}Equals`, positive(ordered(read, (actual, expected) => actual === expected))],
  [`${family}NotEquals`, negative(ordered(read, (actual, expected) => actual === expected))],
  [`${family}LessThan`, positive(ordered(read, (actual, expected) => actual < expected))],
  [`${family}LessThanEquals`, positive(ordered(read, (actual, expected) => actual <= expected))],
  [`${family}GreaterThan`, positive(ordered(read, (actual, expected) => actual > expected))],
  [`${family}GreaterThanEquals`, positive(ordered(read, (actual, expected) => actual >= expected))],
];

/**
 * The operators by lower-case name. `Null` is absent here, because it checks the key's presence and not its
 * value.
 */
export const operators: ReadonlyMap<string, Operator> = new Map(
  (
    [
      ["StringEquals", positive(wholeString)],
      ["StringNotEquals", negative(wholeString)],
      ["StringEqualsIgnoreCase", positive(anyCase)],
      ["StringNotEqualsIgnoreCase", negative(anyCase)],
      ["StringLike", positive(like)],
      ["StringNotLike", negative(like)],
      ["ArnEquals", positive(arn)],
      ["ArnLike", positive(arn)],
      ["ArnNotEquals", negative(arn)],
      ["ArnNotLike", negative(arn)],
      ["Bool", positive(bool)],
      ["BinaryEquals", positive((expected) => (actual) => actual === expected)],
      ["IpAddress", positive(address)],
      ["NotIpAddress", negative(address)],
      ...comparisons("Numeric", number),
      ...comparisons("Date", date),
    ] as const
  ).map(([name, operator]) => [name.toLowerCase(), operator]),
);
