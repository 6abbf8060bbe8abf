/**
 * Applies the rules to the templates of an artifact, nested ones included, for each environment of a release.
 * Package calls it before it publishes anything, and `kedge check` before an upload.
 */
import { parseReferences, resolveReferences } from "#release/document/references.ts";
import { isObject, type PlainValue } from "#release/document/template-document.ts";
import type { Release } from "#release/plan/release.ts";
import { type Finding, findingsOf, type JudgedTemplate, type RuleContext } from "#release/rules/findings.ts";
import { knownLater } from "#release/rules/reading/references.ts";
import { type Scope, scopeOf, sectionOf } from "#release/rules/reading/scope.ts";
import type { Doubt } from "#release/rules/reading/seen.ts";
import { valuesOf } from "#release/rules/reading/values.ts";
import { foreign, isOwnSecret } from "#release/rules/secret-foreign.ts";
import type { Parameters } from "#release/stack/parameters.ts";
import type { Target } from "#release/traits/targets.ts";
import type { LocalTemplate } from "./local-assets.ts";
import { fact } from "./settings.ts";

type Values = Readonly<Record<string, string>>;
type Known = { readonly values: Values; readonly pending: Readonly<Record<string, Doubt>> };

type JudgeRequest = {
  readonly release: Pick<Release, "line" | "targets" | "provided">;
  /** One for each target. */
  readonly contexts: readonly RuleContext[];
  readonly templates: readonly LocalTemplate[];
  /** Parameters by environment, with unresolved references. */
  readonly parameters: Readonly<Record<string, Pick<Parameters, "values">>>;
};

export const judgeTemplates = ({
  release,
  contexts,
  templates,
  parameters,
}: JudgeRequest): readonly Finding[] =>
  contexts.flatMap((context) => {
    const { environment } = context;
    const target = release.targets.find((each) => each.environment === environment);
    const given = { ...release.provided[environment], ...parameters[environment]?.values };
    const known = target === undefined ? { values: {}, pending: {} } : knownOf(given, release, target);
    return [
      ...secretFindings(given, context),
      ...findingsOf(
        templates.flatMap((template) => judged(template, known, context)),
        context,
      ),
    ];
  });

/** Judges the secrets in parameters before the first environment changes, because their names are known then. */
function secretFindings(
  given: Values,
  { environment, severities, secrets }: RuleContext,
): readonly Finding[] {
  const rule = "secret-foreign";
  const verdict = severities[rule];
  if (verdict === "allow") return [];
  return Object.entries(given).flatMap(([property, text]) =>
    parseReferences(text).pieces.flatMap((piece): readonly Finding[] => {
      if (piece.kind !== "secret" || isOwnSecret(piece.name, secrets)) return [];
      const sentence = `The parameter ${property} ${foreign(piece.name, secrets)}.`;
      return [
        { ...{ rule, verdict, environment, property, sentence }, template: "", resource: "", type: "" },
      ];
    }),
  );
}

/** Facts about the target are known before it is prepared; stored parameters and secrets are not. */
function knownOf(given: Values, { line }: Pick<Release, "line">, target: Target): Known {
  const values: Record<string, string> = {};
  const pending: Record<string, Doubt> = {};
  for (const [name, text] of Object.entries(given)) {
    const { pieces, problems } = parseReferences(text);
    const isKnown = pieces.every(
      (piece) =>
        piece.kind === "text" ||
        (piece.kind === "fact" && (piece.name !== "tenant" || target.tenant !== undefined)),
    );
    if (isKnown && problems.length === 0)
      values[name] = resolveReferences(text, (reference) =>
        reference.kind === "fact" ? fact(reference.name, { line, target }) : "",
      );
    else pending[name] = knownLater(name);
  }
  return { values, pending };
}

function judged(
  { path, document, nested }: LocalTemplate,
  known: Known,
  context: RuleContext,
  isNested = false,
): readonly JudgedTemplate[] {
  const scope = scopeOf({ document, account: context.account, region: context.region, ...known });
  const inner = nested.map(({ reference, template }) => ({ id: reference.at[1] ?? "", template }));
  return [
    { path, document, ...known, nested: inner.map(({ id }) => id), isNested },
    ...inner.flatMap(({ id, template }) => judged(template, handedTo(id, template, scope), context, true)),
  ];
}

/**
 * The parameters that a template hands to a nested one. Their values are final: the preparation of an
 * environment does not read nested templates again. A function that selects the whole list of parameters is
 * evaluated. A list that is not known makes every parameter of the nested template unknown, its defaults included.
 */
function handedTo(id: string, { document }: LocalTemplate, scope: Scope): Known {
  const resource = sectionOf(scope.document, "Resources")[id];
  const properties = isObject(resource) && isObject(resource["Properties"]) ? resource["Properties"] : {};
  const lists = valuesOf(properties["Parameters"], scope);
  const [list, ...others] = lists;
  // A loop makes the resource, or its properties, from parts that are not read here.
  const isRead = isObject(resource) && isPlainMap(properties);
  const isSingle = list === undefined || (!list.doubt && !list.maybe && others.length === 0);
  const isKnown = isRead && isSingle && (list === undefined || isPlainMap(list.value));
  const handed = isKnown && isObject(list?.value) ? list.value : {};
  const values: Record<string, string> = {};
  const pending: Record<string, Doubt> = {};
  for (const [name, declared] of Object.entries(sectionOf(document, "Parameters"))) {
    const [seen, ...more] = valuesOf(handed[name], scope);
    const text = seen && !seen.doubt && !seen.maybe && more.length === 0 ? plain(seen.value) : undefined;
    const hasDefault = isObject(declared) && declared["Default"] !== undefined;
    if (text !== undefined) values[name] = text;
    else if (!isKnown || handed[name] !== undefined || !hasDefault)
      pending[name] = { why: `the template that nests it gives its parameter ${name} no fixed value` };
  }
  return { values, pending };
}

/** False for a map that a function or a loop completes. */
const isPlainMap = (value: PlainValue): boolean =>
  isObject(value) && Object.keys(value).every((name) => !name.startsWith("Fn::"));

function plain(value: PlainValue): string | undefined {
  if (Array.isArray(value)) {
    const items = value as readonly PlainValue[];
    return items.every((item) => typeof item === "string") ? items.join(",") : undefined;
  }
  return isObject(value) || value === null ? undefined : String(value);
}
