/** Finds contradictions in the classes, teams and pace of an estate. */

import { locationOf, type Problem, type TreeNode } from "#release/document/node-tree.ts";
import { counted } from "#release/names/counted.ts";
import { defaultClasses, defaultPace } from "./estate.ts";
import type { EstateFile } from "./estate-shape.ts";

export function* paceContradictions(file: EstateFile, root: TreeNode): Generator<Problem> {
  const { hotfix, main } = { ...defaultClasses, ...file.classes };
  const given = file.classes?.main === undefined ? "hotfix" : "main";
  for (const [index, pattern] of (file.classes?.[given] ?? []).entries()) {
    if (pattern.startsWith("!") || !(given === "main" ? hotfix : main).includes(pattern)) continue;
    const message = `${pattern} is in the class hotfix and in the class main; a branch has one class.`;
    yield { ...locationOf(root, ["classes", given, index]), message };
  }
  const releases = file.pace?.releases ?? defaultPace.releases;
  const owners = new Map<string, string>();
  for (const [name, { apps, concurrent }] of Object.entries(file.teams ?? {})) {
    if (concurrent > releases) {
      const message = `${name} may have ${counted(concurrent, "line")} at work, but an anchor has ${releases} in all (pace.releases).`;
      yield { ...locationOf(root, ["teams", name, "concurrent"]), message };
    }
    for (const [index, pattern] of apps.entries()) {
      const owner = owners.get(pattern);
      if (owner === undefined) owners.set(pattern, name);
      else {
        const message = `The apps ${pattern} are ${owner}'s already, so they cannot be ${name}'s.`;
        yield { ...locationOf(root, ["teams", name, "apps", index]), message };
      }
    }
  }
}
