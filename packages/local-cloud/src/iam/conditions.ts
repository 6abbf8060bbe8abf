/**
 * Evaluates a statement's Condition block. Every entry must hold; this file also decides the meaning of a
 * missing key.
 */
import { operators } from "./condition-operators.ts";
import type { Matcher, Resolve } from "./pattern.ts";

/** The request's condition keys, in lower case, each with its values. */
export type RequestContext = ReadonlyMap<string, readonly string[]>;

type Quantifier = "one" | "all" | "any";

export type Condition =
  | { readonly kind: "null"; readonly key: string; readonly absent: readonly boolean[] }
  | {
      readonly kind: "compare";
      readonly key: string;
      readonly quantifier: Quantifier;
      readonly ifExists: boolean;
      readonly negated: boolean;
      readonly tests: readonly Matcher[];
    };

const NAME = /^(?:(ForAllValues|ForAnyValue):)?([A-Za-z]+?)(IfExists)?$/i;

/** Reads an entry of a Condition block. Returns undefined when the operator does not exist. */
export function readCondition(
  operatorName: string,
  key: string,
  values: readonly string[],
  variables: boolean,
): Condition | undefined {
  const [, set, name = "", ifExists] = NAME.exec(operatorName) ?? [];
  if (name.toLowerCase() === "null") {
    if (ifExists !== undefined) return undefined;
    return {
      kind: "null",
      key: key.toLowerCase(),
      absent: values.map((value) => value.toLowerCase() === "true"),
    };
  }
  const operator = operators.get(name.toLowerCase());
  if (operator === undefined) return undefined;
  return {
    kind: "compare",
    key: key.toLowerCase(),
    quantifier: set === undefined ? "one" : set.toLowerCase() === "forallvalues" ? "all" : "any",
    ifExists: ifExists !== undefined,
    negated: operator.negated,
    tests: values.map((value) => operator.compile(value, variables)),
  };
}

export const conditionsHold = (
  conditions: readonly Condition[],
  context: RequestContext,
  resolve: Resolve,
): boolean => conditions.every((condition) => holds(condition, context.get(condition.key) ?? [], resolve));

function holds(condition: Condition, actual: readonly string[], resolve: Resolve): boolean {
  const missing = actual.length === 0;
  if (condition.kind === "null") return condition.absent.some((absent) => absent === missing);
  const { quantifier, negated, ifExists, tests } = condition;
  if (missing) return ifExists || quantifier === "all" || (negated && quantifier === "one");
  const passes = (value: string): boolean => tests.some((test) => test(value, resolve)) !== negated;
  // A negated operator without a set prefix fails as soon as one value is listed.
  return quantifier === "all" || (quantifier === "one" && negated)
    ? actual.every(passes)
    : actual.some(passes);
}
