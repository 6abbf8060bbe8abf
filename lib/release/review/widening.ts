/**
 * Lists the statements of policies and trusts that a new template adds. `@aws-cdk/cloudformation-diff` knows more
 * types, but it reads a schema database of several megabytes at its start, which a Lambda would load at each
 * release; docs/decisions/27-clearance.md compares.
 */
import {
  isObject,
  type PlainObject,
  type PlainValue,
  resourcesOf,
  type TemplateDocument,
} from "#release/document/template-document.ts";
import { canonicalJson } from "#release/names/digest.ts";

export type Widening = {
  readonly logicalId: string;
  readonly type: string;
  /** A sentence for the approver. */
  readonly sentence: string;
};

/** `before` is the template that the stack has now; undefined when there is no stack. */
export function wideningsIn(
  before: TemplateDocument | undefined,
  after: TemplateDocument,
): readonly Widening[] {
  const old = new Map(
    (before === undefined ? [] : resourcesOf(before)).map(({ id, properties }) => [id, properties]),
  );
  return resourcesOf(after).flatMap(({ id, type, properties }) => {
    const known = new Set(statementsIn(old.get(id)).map(canonicalJson));
    const added = statementsIn(properties).filter((statement) => !known.has(canonicalJson(statement)));
    const managed = managedPoliciesIn(properties).filter(
      (arn) => !managedPoliciesIn(old.get(id)).includes(arn),
    );
    return [
      ...added.flatMap((statement) =>
        sentenceOf(statement).map((text) => ({ logicalId: id, type, sentence: text })),
      ),
      ...managed.map((arn) => ({ logicalId: id, type, sentence: `attaches the managed policy ${arn}` })),
    ];
  });
}

/** Every `Statement` of every policy document in the properties, at any depth. */
function statementsIn(value: PlainValue | undefined): readonly PlainObject[] {
  if (Array.isArray(value)) return (value as readonly PlainValue[]).flatMap(statementsIn);
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    name === "Statement" ? listOf(inner).filter(isObject) : statementsIn(inner),
  );
}

function managedPoliciesIn(properties: PlainValue | undefined): readonly string[] {
  if (!isObject(properties)) return [];
  return ["ManagedPolicyArns", "Policies"].flatMap((name) =>
    listOf(properties[name] ?? []).flatMap((item) => (typeof item === "string" ? [item] : [])),
  );
}

const listOf = (value: PlainValue): readonly PlainValue[] =>
  Array.isArray(value) ? (value as readonly PlainValue[]) : [value];

function sentenceOf(statement: PlainObject): readonly string[] {
  if (statement["Effect"] === "Deny") return [];
  const actions = shown(statement["Action"] ?? statement["NotAction"]);
  const except = statement["Action"] === undefined ? "everything except " : "";
  const on = statement["Resource"] === undefined ? "" : ` on ${shown(statement["Resource"])}`;
  const to = statement["Principal"] === undefined ? "" : ` to ${shown(statement["Principal"])}`;
  const when = statement["Condition"] === undefined ? "" : " under a condition";
  return [`allows ${except}${actions}${on}${to}${when}`];
}

const longest = 200;

function shown(value: PlainValue | undefined): string {
  if (value === undefined) return "nothing";
  const text = listOf(value)
    .map((item) => (typeof item === "string" ? item : JSON.stringify(item)))
    .join(", ");
  return text.length <= longest ? text : `${text.slice(0, longest)}…`;
}
