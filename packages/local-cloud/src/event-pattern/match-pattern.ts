/**
 * Decides whether an event matches a pattern. An array in the event matches when any of its elements does.
 */
import { parseAddress } from "./address.ts";
import type { Pattern, Test } from "./pattern.ts";

export const matchPattern = (pattern: Pattern, event: unknown): boolean =>
  pattern.fields.every(({ name, match }) => matchField(name, match, event)) &&
  pattern.or.every((group) => group.some((part) => matchPattern(part, event)));

function matchField(name: string, match: readonly Test[] | Pattern, event: unknown): boolean {
  const value = member(event, name);
  if ("fields" in match) {
    // Each element of an array of objects is matched alone.
    if (Array.isArray(value)) return value.some((item) => matchPattern(match, item));
    return matchPattern(match, value);
  }
  return match.some((test) => matchTest(test, value));
}

const member = (event: unknown, name: string): unknown =>
  typeof event === "object" && event !== null && !Array.isArray(event) && Object.hasOwn(event, name)
    ? (event as Record<string, unknown>)[name]
    : undefined;

function matchTest(test: Test, value: unknown): boolean {
  if (test.kind === "exists") return (value !== undefined && !isObject(value)) === test.value;
  if (value === undefined || isObject(value)) return false;
  if (Array.isArray(value))
    return test.kind === "anything-but"
      ? value.length > 0 && value.every((item) => matchScalar(test, item))
      : value.flat(Number.POSITIVE_INFINITY).some((item) => matchScalar(test, item));
  return matchScalar(test, value);
}

const isObject = (value: unknown): boolean =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function matchScalar(test: Test, value: unknown): boolean {
  switch (test.kind) {
    case "exact":
      return value === test.value;
    case "anything-but":
      return test.tests.every((inner) => !matchScalar(inner, value));
    case "numeric":
      return (
        typeof value === "number" && test.ranges.every(([operator, bound]) => compare(value, operator, bound))
      );
    case "exists":
      return test.value;
    case "prefix":
    case "suffix":
    case "equals-ignore-case":
    case "wildcard":
    case "cidr":
      return typeof value === "string" && matchText(test, value);
  }
}

function matchText(
  test: Extract<Test, { kind: "prefix" | "suffix" | "equals-ignore-case" | "wildcard" | "cidr" }>,
  value: string,
): boolean {
  switch (test.kind) {
    case "prefix":
    case "suffix": {
      const [text, part] = test.ignoreCase
        ? [value.toLowerCase(), test.value.toLowerCase()]
        : [value, test.value];
      return test.kind === "prefix" ? text.startsWith(part) : text.endsWith(part);
    }
    case "equals-ignore-case":
      return value.toLowerCase() === test.value;
    case "wildcard":
      return test.pattern.test(value);
    case "cidr": {
      const address = parseAddress(value);
      return address?.version === test.version && address.value >> BigInt(test.bits) === test.base;
    }
  }
}

function compare(value: number, operator: string, bound: number): boolean {
  switch (operator) {
    case "=":
      return value === bound;
    case "<":
      return value < bound;
    case "<=":
      return value <= bound;
    case ">":
      return value > bound;
    default:
      return value >= bound;
  }
}
