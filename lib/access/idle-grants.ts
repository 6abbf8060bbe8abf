/**
 * Finds grants without an effect: an action, a resource or a principal that a policy names, while the policy of the
 * other side allows no such call. Such a grant is one of two locks left open; the next change may open the other one. A
 * principal that a denial leaves out is such a grant, too.
 */
import { isObject, type Json } from "@kedge/local-cloud/cloudformation/json";
import type { Analysis } from "./analysis.ts";
import { type Statement, strings } from "./deployed-estate.ts";
import { inexact } from "./invariants/exact-calls.ts";
import { acceptedIdle } from "./needs/accepted.ts";
import type { Probe } from "./relation.ts";
import type { Violation } from "./violation.ts";

export const idleInvariant = {
  name: "no-idle-grants",
  sentence:
    "Each action, resource and principal that a policy names belongs to a call that every other policy allows too. A grant that another policy still stops is reported.",
};

/** The names that one member of a statement lists. */
type Member = { readonly kind: "action" | "resource" | "principal"; readonly names: readonly string[] };

export function idleGrants({
  estate,
  relation,
}: Pick<Analysis, "estate" | "relation">): readonly Violation[] {
  const names = new Map(
    estate.roles.flatMap(({ name, identity }) => identity.map((key) => [key, name] as const)),
  );
  const bySource = Map.groupBy(
    [...estate.policies.values()].filter(
      ({ key, kind }) => kind !== "boundary" && !inexact.has(names.get(key) ?? ""),
    ),
    ({ source }) => source,
  );
  return [...bySource].flatMap(([source, policies]) =>
    (policies[0]?.statements ?? []).flatMap((first, index) => {
      if (namesNothing(first)) return [];
      // A template's statement counts in all its deployments together: some accounts lack some resources.
      const used = new Set(
        policies.flatMap(({ key, statements }) => {
          const statement = statements[index];
          return statement === undefined
            ? []
            : usedIn(statement, relation.allowedBy(key, forEveryPrincipal(statement)));
        }),
      );
      return membersOf(first).flatMap(({ kind, names: listed }) =>
        listed.flatMap((name, at): readonly Violation[] => {
          const where = `${source}#${index}`;
          if (used.has(`${kind} ${at}`) || acceptedIdle(where, name) !== undefined) return [];
          return [
            {
              invariant: idleInvariant.name,
              says: `${where} names the ${kind} ${name}, and another policy stops every such call.`,
              path: [],
            },
          ];
        }),
      );
    }),
  );
}

/** A list of the estate that is empty leaves a name without an end. */
const namesNothing = (statement: Statement): boolean => {
  const names = strings(statement["Resource"]);
  return names.length > 0 && names.every((name) => /[:/](:\*)?$/.test(name));
};

function usedIn(statement: Statement, calls: readonly Probe[]): readonly string[] {
  return membersOf(statement).flatMap(({ kind, names }) =>
    names.flatMap((name, at) =>
      calls.some((probe) => concerns(kind, name, probe)) ? [`${kind} ${at}`] : [],
    ),
  );
}

function concerns(kind: Member["kind"], name: string, { actor, action, resource }: Probe): boolean {
  if (kind === "action") return matches(name.toLowerCase(), action.toLowerCase());
  if (kind === "resource") return matches(name, resource.arn);
  return matches(name, actor.id);
}

/** A variable of a policy stands for any text here: the evaluator has compared it. */
const matches = (pattern: string, text: string): boolean =>
  new RegExp(
    `^${pattern
      .split(/\*|\$\{[^}]*\}/)
      .map((each) => each.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))
      .join(".*")}$`,
  ).test(text);

const isException = (operator: string): boolean => /^ArnNot(Equals|Like)$/.test(operator);

/** A denial for the principals that it leaves out, too, so that it concerns their calls. */
function forEveryPrincipal(statement: Statement): Statement {
  const condition = statement["Condition"];
  if (statement["Effect"] === "Allow" || !isObject(condition)) return statement;
  const { Condition, ...rest } = statement;
  const others = Object.entries(condition).filter(([operator]) => !isException(operator));
  return { ...rest, ...(others.length > 0 && { Condition: Object.fromEntries(others) }) };
}

function membersOf(statement: Statement): readonly Member[] {
  const condition = statement["Condition"];
  const named = (wanted: (operator: string) => boolean): Member => ({
    kind: "principal",
    names: (isObject(condition) ? Object.entries(condition) : [])
      .filter(([operator]) => wanted(operator))
      .flatMap(([, keys]: [string, Json]) => (isObject(keys) ? strings(keys["aws:PrincipalArn"]) : [])),
  });
  if (statement["Effect"] === "Deny") return [named(isException)];
  return [
    { kind: "action", names: strings(statement["Action"]) },
    { kind: "resource", names: strings(statement["Resource"]) },
    named((operator) => /^Arn(Equals|Like)$/.test(operator)),
  ];
}
