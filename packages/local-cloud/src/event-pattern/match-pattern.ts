/**
 * Decides whether an event matches a pattern, as EventBridge's open-source matcher does (github.com/aws/event-ruler).
 * Pattern and event are flattened to paths. Each element of an array is a value of its own, and one element that
 * passes a test is enough, for `anything-but` too. Fields below one array of objects match in one element.
 */
import { parseAddress } from "./address.ts";
import { type EventField, joinMembership, noMembership, readFields } from "./event-fields.ts";
import type { Branch, Pattern, Scalar, Test } from "./pattern.ts";

export const matchPattern = (pattern: Pattern, event: unknown): boolean =>
  matchFields(pattern, readFields(event));

/** The same for an event that was flattened before, when many patterns are tried on it. */
export const matchFields = (pattern: Pattern, fields: readonly EventField[]): boolean =>
  pattern.branches.some((branch) => matchFrom(0, branch, fields, noMembership));

function matchFrom(
  index: number,
  branch: Branch,
  fields: readonly EventField[],
  membership: EventField["membership"],
): boolean {
  const wanted = branch[index];
  if (wanted === undefined) return true;
  let present = false;
  for (const field of fields) {
    if (field.path !== wanted.path) continue;
    const joined = joinMembership(membership, field.membership);
    if (joined === undefined) continue;
    present = true;
    if (
      wanted.tests.some((test) => matchScalar(test, field.value)) &&
      matchFrom(index + 1, branch, fields, joined)
    )
      return true;
  }
  const mayBeAbsent = wanted.tests.some((test) => test.kind === "exists" && !test.value);
  return !present && mayBeAbsent && matchFrom(index + 1, branch, fields, membership);
}

function matchScalar(test: Test, value: Scalar): boolean {
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
