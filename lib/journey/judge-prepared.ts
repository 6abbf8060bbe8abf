/**
 * Applies the rules once more when an environment is prepared: its parameters are resolved now. Nested templates
 * were judged when the release was packaged.
 */
import type { Release } from "#release/plan/release.ts";
import { type Finding, findingsOf, type RuleContext } from "#release/rules/findings.ts";
import { parseRuleContexts } from "#release/rules/rule-context.ts";
import type { AssembledStack } from "#release/stack/assembly.ts";
import { type Configuration, configurationsOf } from "#release/stack/configuration.ts";
import type { Target } from "#release/traits/targets.ts";
import { documents } from "./documents.ts";
import { plainContext } from "./rule-contexts.ts";
import { type Documents, documentIn } from "./small-zip.ts";

export function judgePrepared(
  packaged: Documents,
  release: Release,
  target: Target,
  stacks: readonly AssembledStack[],
  configuration: Configuration,
): readonly Finding[] {
  const context = contextIn(packaged, release, target);
  const templates = stacks.flatMap(({ id, path, document: assembled }) => {
    const document = configuration.documents?.[id] ?? assembled;
    return valuesInSteps(id, stacks, configuration).map((values) => ({ path, document, values }));
  });
  const severities = { ...context.severities, "template-unread": "allow" } as const;
  return findingsOf(templates, { ...context, severities });
}

/** A later step updates the stack with its own values over those of the first step. */
export const valuesInSteps = (
  id: string,
  stacks: readonly AssembledStack[],
  { values }: Configuration,
): readonly Readonly<Record<string, string>>[] => [
  values[id] ?? {},
  ...configurationsOf(id, stacks, values)
    .filter((name) => name !== id)
    .map((name) => ({ ...values[id], ...values[name] })),
];

/** A release that an older version packaged has no contexts. */
function contextIn(packaged: Documents, release: Release, target: Target): RuleContext {
  const there = packaged.has(documents.rules);
  const written = there ? parseRuleContexts(documentIn(packaged, documents.rules), release.line.app) : [];
  return (
    written.find(({ environment }) => environment === target.environment) ?? plainContext(release, target)
  );
}
