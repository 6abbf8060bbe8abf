/**
 * Resolves every reference in the inputs of an environment: parameters, tags, settings and published paths.
 */

import type { TargetSettings } from "#ports/target-settings.ts";
import type { PlainObject, TemplateDocument } from "#release/document/template-document.ts";
import { ReleaseError } from "#release/errors/errors.ts";
import type { Release } from "#release/plan/release.ts";
import type { AssembledStack } from "#release/stack/assembly.ts";
import { type Configuration, configurationsOf } from "#release/stack/configuration.ts";
import { holdsSecret } from "#release/stack/dynamic-reference.ts";
import { inlineSecrets } from "#release/stack/inline-secrets.ts";
import { checkLength, type Parameters } from "#release/stack/parameters.ts";
import { withPublished } from "#release/stack/publish-outputs.ts";
import type { Target } from "#release/traits/targets.ts";
import { traitsFor } from "#release/traits/traits.ts";
import { resolverFor, resolveTree, textsIn } from "./settings.ts";

type ResolvedGiven = {
  readonly parameters: Parameters;
  readonly settings: PlainObject;
  readonly published: readonly (readonly [path: string, output: string])[];
};

/** Throws `SettingMissing` before the environment changes. */
export async function resolveGiven(
  settings: TargetSettings,
  { line, manifest }: Pick<Release, "line" | "manifest">,
  target: Target,
  { values, tags }: Parameters,
  defaults: PlainObject = {},
): Promise<ResolvedGiven> {
  const wanted = { ...defaults, ...traitsFor(manifest.traits, target).settings };
  const published = Object.entries(manifest.traits.publish);
  const texts = textsIn({ values, tags, wanted, paths: published.map(([path]) => path) });
  const resolve = await resolverFor(settings, { line, target }, texts);
  const each = (given: Readonly<Record<string, string>>): [string, string][] =>
    Object.entries(given).map(([name, text]) => [name, resolve(text)]);
  const resolved = { values: each(values), tags: each(tags) };
  for (const [name, value] of resolved.values) checkLength(value, name, `For ${target.environment} this`);
  for (const [name, value] of resolved.tags) {
    if (holdsSecret(value))
      throw new ReleaseError(
        "SecretMisplaced",
        `The value of the tag ${name} is a secret, and tags are readable without a permission for secrets.`,
      );
  }
  return {
    parameters: { values: Object.fromEntries(resolved.values), tags: Object.fromEntries(resolved.tags) },
    settings: resolveTree(wanted, resolve),
    published: published.map(([path, output]) => [resolve(path), output]),
  };
}

/**
 * Adds the published values to the templates' resources, and puts secrets into the templates as dynamic
 * references. Throws `PublishMalformed` or `SecretMisplaced`.
 */
export function fitted(
  configuration: Configuration,
  assembled: readonly AssembledStack[],
  published: ResolvedGiven["published"],
): Configuration {
  const variable = Object.entries(configuration.variables ?? {}).find(([, value]) => holdsSecret(value));
  if (variable !== undefined) {
    const seen = `The variable ${variable[0]} is a secret; the console shows variables.`;
    throw new ReleaseError("SecretMisplaced", seen);
  }
  const documents: Record<string, TemplateDocument> = {};
  const values = { ...configuration.values };
  const own = assembled.map(({ id, document }) => ({
    id,
    document: configuration.documents?.[id] ?? document,
  }));
  for (const { id, document } of withPublished(own, published)) {
    const names = configurationsOf(id, own, values);
    const all: Readonly<Record<string, string>> = Object.assign({}, ...names.map((name) => values[name]));
    const inlined = inlineSecrets(document, all);
    documents[id] = inlined.document;
    for (const name of names) values[name] = without(values[name] ?? {}, all, inlined.values);
  }
  return { ...configuration, values, documents };
}

const without = (
  own: Readonly<Record<string, string>>,
  all: Readonly<Record<string, string>>,
  left: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(own).filter(([name]) => Object.hasOwn(left, name) || !Object.hasOwn(all, name)),
  );
