/**
 * Checks the settings of the traits against the settings of their release template, for all environments
 * together and for each.
 */

import { describeProblems, type Problem, type TreeNode, valueTree } from "#release/document/node-tree.ts";
import { readShape } from "#release/document/shape.ts";
import { ReleaseError } from "#release/errors/errors.ts";
import type { Environment } from "#release/estate/estate.ts";
import type { Traits } from "#release/traits/traits.ts";
import type { SettingsTrees } from "#release/traits/traits-read.ts";
import type { ReleaseTemplate } from "./template.ts";

type Template = Pick<ReleaseTemplate, "name" | "version" | "settings">;

/** Throws `TraitsMalformed`. Without `trees` problems have no lines. */
export function checkSettings(
  template: Template,
  traits: Traits,
  environments: readonly Pick<Environment, "names">[],
  trees: SettingsTrees = treesOf(traits),
): void {
  const found = new Map<string, Problem>();
  for (const { names } of environments) {
    const own = names.flatMap((name) => trees.byEnvironment[name] ?? []);
    for (const problem of problemsIn(template, [...(trees.base ? [trees.base] : []), ...own])) {
      found.set(JSON.stringify(problem), problem);
    }
  }
  if (found.size === 0) return;
  const { name, version } = template;
  const seen = `The release template ${name} ${version} takes other settings.\n${describeProblems([...found.values()])}`;
  throw new ReleaseError("TraitsMalformed", seen);
}

function problemsIn({ settings }: Template, trees: readonly TreeNode[]): readonly Problem[] {
  const fields = new Map(trees.flatMap((tree) => (tree.kind === "object" ? [...tree.fields] : [])));
  if (settings === undefined) {
    return [...fields.values()].map(({ location }) => ({ ...location, message: "It has no settings." }));
  }
  const location = trees[0]?.location ?? { path: "settings" };
  const read = readShape(settings, { kind: "object", location, fields });
  return "problems" in read ? read.problems : [];
}

const treesOf = ({ settings, byEnvironment }: Traits): SettingsTrees => ({
  base: valueTree(settings, "settings"),
  byEnvironment: Object.fromEntries(
    Object.entries(byEnvironment).map(([name, own]) => [
      name,
      valueTree(own.settings, `environments.${name}.settings`),
    ]),
  ),
});
