/**
 * Lists the grants that a new template adds, and the denials that it removes. `@aws-cdk/cloudformation-diff` knows more
 * types, but it reads a schema database of several megabytes at its start, which a Lambda would load at each
 * release; docs/decisions/27-clearance.md compares.
 */
import type { TemplateDocument } from "#release/document/template-document.ts";
import { readResources } from "#release/rules/reading/resources.ts";
import { type Scope, scopeOf } from "#release/rules/reading/scope.ts";
import type { Grant } from "./grant.ts";
import { grantsOf } from "./grants.ts";

export type Widening = {
  readonly logicalId: string;
  readonly type: string;
  /** A sentence for the approver. */
  readonly sentence: string;
  /** 0 is the gravest. Absent in reviews of an earlier version. */
  readonly severity?: number;
};

/** The environment in which expressions of the templates are read. */
type Target = Pick<Scope, "account" | "region" | "values">;

/** The gravest first. `before` is the template that the stack has now; undefined when there is no stack. */
export function wideningsIn(
  before: TemplateDocument | undefined,
  after: TemplateDocument,
  target: Target,
): readonly Widening[] {
  const old = before === undefined ? new Map<string, Given>() : grantsIn(before, target);
  const now = grantsIn(after, target);
  const widened = [...now].flatMap(([id, { type, grants }]) => {
    const [added, removed] = [missingIn(old.get(id), grants), missingIn(now.get(id), old.get(id)?.grants)];
    return [...added.filter(({ denies }) => !denies), ...removed.filter(({ denies }) => denies)].map(
      ({ sentence, severity }) => ({ logicalId: id, type, sentence, severity }),
    );
  });
  const gone = [...old].flatMap(([id, { type, grants }]) =>
    now.has(id)
      ? []
      : grants
          .filter(({ denies }) => denies)
          .map(({ sentence, severity }) => ({ logicalId: id, type, sentence, severity })),
  );
  return [...widened, ...gone].toSorted((a, b) => a.severity - b.severity);
}

type Given = { readonly type: string; readonly grants: readonly Grant[] };

function grantsIn(document: TemplateDocument, target: Target): ReadonlyMap<string, Given> {
  const scope = scopeOf({ document, ...target, pending: {} });
  const found = new Map<string, Given>();
  for (const resource of readResources(scope)) {
    const { id, type } = resource;
    // Two loops may write resources of one name.
    found.set(id, { type, grants: [...(found.get(id)?.grants ?? []), ...grantsOf(resource, scope)] });
  }
  return found;
}

function missingIn(given: Given | undefined, grants: readonly Grant[] = []): readonly Grant[] {
  const known = new Set(given?.grants.map(({ key }) => key));
  return grants.filter(({ key }) => !known.has(key));
}
