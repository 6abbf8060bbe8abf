/** Lists the principals outside the circle that the statements of a policy admit, with their actions. */
import { isObject, type PlainObject, type PlainValue } from "#release/document/template-document.ts";
import type { Circle } from "#release/rules/rule.ts";
import { isBound } from "./binding.ts";
import { type Who, whoIs } from "./principal.ts";
import type { Scope } from "./scope.ts";
import { type Doubt, hole, type Seen, textOf } from "./seen.ts";
import { itemsOf, valuesOf } from "./values.ts";

export type Admission = {
  readonly who: Exclude<Who, "inside" | "service">;
  /** The principal as it is written, with … for unknown parts. */
  readonly named: string;
  readonly actions: readonly string[];
  /** The statement, for rules that look at further conditions. */
  readonly statement: PlainObject;
  readonly undecided?: Doubt;
};

/** The policy is a document, or a text that holds one as JSON. */
export function admissionsOf(policy: Seen, scope: Scope, circle: Circle): readonly Admission[] {
  const document = documentIn(policy.value);
  const statements =
    isObject(document) && document["Statement"] !== undefined
      ? itemsOf(document["Statement"], scope)
      : [{ ...policy, value: document }];
  return statements.flatMap((statement) => admittedBy(weaker(statement, policy), scope, circle));
}

const weaker = (seen: Seen, outer: Seen): Seen =>
  outer.maybe === undefined ? seen : { maybe: outer.maybe, ...seen };

function documentIn(value: PlainValue): PlainValue {
  if (typeof value !== "string" || value === hole) return value;
  try {
    return JSON.parse(value) as PlainValue;
  } catch {
    return hole;
  }
}

function admittedBy(seen: Seen, scope: Scope, circle: Circle): readonly Admission[] {
  if (!isObject(seen.value)) {
    const undecided = seen.doubt ?? { why: "the policy cannot be read" };
    return [{ who: "undecided", named: "…", actions: [hole], statement: {}, undecided }];
  }
  const statement = seen.value;
  const effects = valuesOf(statement["Effect"], scope).map(textOf);
  if (effects.length > 0 && effects.every((effect) => effect === "Deny")) return [];
  const bound = isBound(statement, scope, circle);
  if (bound === true) return [];
  const actions = actionsOf(statement, scope);
  return principalsOf(statement, scope).flatMap(({ kind, seen: principal }): Admission[] => {
    const who = whoIs(kind, principal, circle);
    if (who === "inside" || who === "service") return [];
    const undecided =
      (typeof bound === "object" ? bound : undefined) ??
      (who === "undecided" ? (principal.doubt ?? { why: "the principal names no account" }) : undefined) ??
      principal.maybe ??
      seen.maybe;
    const named = textOf(principal).replaceAll(hole, "…");
    return [{ who, named, actions, statement, ...(undecided && { undecided }) }];
  });
}

type Principal = { readonly kind: string; readonly seen: Seen };

/** `NotPrincipal` in an Allow admits all other principals. */
function principalsOf(statement: PlainObject, scope: Scope): readonly Principal[] {
  if (statement["NotPrincipal"] !== undefined) return [{ kind: "AWS", seen: { value: "*" } }];
  return valuesOf(statement["Principal"], scope).flatMap((seen): readonly Principal[] => {
    if (!isObject(seen.value)) return [{ kind: "AWS", seen }];
    return Object.entries(seen.value).flatMap(([kind, given]) =>
      itemsOf(given, scope).map((each) => ({ kind, seen: weaker(each, seen) })),
    );
  });
}

/** `NotAction` allows all other actions. */
function actionsOf(statement: PlainObject, scope: Scope): readonly string[] {
  if (statement["NotAction"] !== undefined) return ["*"];
  return itemsOf(statement["Action"], scope).map(textOf);
}
