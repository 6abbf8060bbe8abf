/**
 * Reads a team's traits: `.traits/build.yml` and `.traits/deployment.yml`, and package.json for fields that
 * they do not have. Every problem has its file, line and column.
 */

import {
  describeProblems,
  locationOf,
  type Problem,
  type TreeNode,
  yamlTree,
} from "#release/document/node-tree.ts";
import { readShape, type Shape } from "#release/document/shape.ts";
import { type ErrorCode, ReleaseError } from "#release/errors/errors.ts";
import { templateRequestOf } from "./template-request.ts";
import { type EnvironmentTraits, noTraits, type Traits } from "./traits.ts";
import type { TraitsPaths } from "./traits-files.ts";
import { packageTraits } from "./traits-package.ts";
import { contradictions, type LocationAt, malformations, unknownEnvironments } from "./traits-rules.ts";
import {
  buildShape,
  deploymentShape,
  type EnvironmentFile,
  packageShape,
  type TraitsFile,
} from "./traits-shape.ts";

/** The settings as the files have them. The release template knows their shape. */
export type SettingsTrees = {
  readonly base?: TreeNode;
  readonly byEnvironment: Readonly<Record<string, TreeNode>>;
};

export type ReadTraits = { readonly traits: Traits; readonly settings: SettingsTrees };

const longest = 64 * 1024;
const mostShown = 20;

type TraitsSource = { readonly file: string; readonly root: TreeNode; readonly value: TraitsFile };

/**
 * `texts` are by path. Of `environments` every name that may be used is known; where they are not given, any may be.
 * Throws `TraitsMalformed`, `UnknownEnvironment` or `TraitsContradictory`.
 */
export function readTraits(
  paths: TraitsPaths,
  texts: ReadonlyMap<string, string>,
  environments?: readonly string[],
): ReadTraits {
  const traitsSources = [packageSource(paths, texts), ...ownSources(paths, texts)].filter(
    (traitsSource) => traitsSource !== undefined,
  );
  const value: TraitsFile = Object.assign({}, ...traitsSources.map((traitsSource) => traitsSource.value));
  const fields = traitsSources.flatMap(({ root }) => (root.kind === "object" ? [...root.fields] : []));
  const root: TreeNode = {
    kind: "object",
    location: traitsSources[0]?.root.location ?? { path: "" },
    fields: new Map(fields),
  };
  const at: LocationAt = (...steps) => locationOf(root, steps);
  reject("TraitsMalformed", [...malformations(value, at)]);
  if (environments) reject("UnknownEnvironment", [...unknownEnvironments(value, environments, at)]);
  reject("TraitsContradictory", [...contradictions(value, environments, at)]);
  return {
    traits: normalised(
      value,
      traitsSources.map(({ file }) => file),
    ),
    settings: settingsIn(root),
  };
}

function packageSource(
  { packageJson }: TraitsPaths,
  texts: ReadonlyMap<string, string>,
): TraitsSource | undefined {
  if (packageJson === undefined) return undefined;
  const { root, problems, contradictions: twice } = packageTraits(texts.get(packageJson) ?? "", packageJson);
  reject("TraitsMalformed", problems);
  reject("TraitsContradictory", twice);
  return root && { file: packageJson, root, value: shaped(packageShape, root) };
}

function ownSources(
  { build, deployment }: TraitsPaths,
  texts: ReadonlyMap<string, string>,
): readonly TraitsSource[] {
  const files: readonly [string | undefined, Shape<TraitsFile>][] = [
    [build, buildShape],
    [deployment, deploymentShape],
  ];
  return files.flatMap(([file, shape]) => {
    if (file === undefined) return [];
    const text = texts.get(file) ?? "";
    if (text.length > longest) {
      const message = `The file has ${text.length} characters; ${longest} are allowed.`;
      reject("TraitsMalformed", [{ file, path: "", message }]);
    }
    const { root: read, problems } = yamlTree(text, file);
    reject("TraitsMalformed", problems);
    const empty = read.kind === "scalar" && read.value === null;
    const root: TreeNode = empty ? { kind: "object", location: { file, path: "" }, fields: new Map() } : read;
    return [{ file, root, value: shaped(shape, root) }];
  });
}

function shaped<T>(shape: Shape<T>, root: TreeNode): T {
  const read = readShape(shape, root);
  if ("value" in read) return read.value;
  throw rejection("TraitsMalformed", read.problems);
}

function reject(code: ErrorCode, problems: readonly Problem[]): void {
  if (problems.length > 0) throw rejection(code, problems);
}

function rejection(code: ErrorCode, problems: readonly Problem[]): ReleaseError {
  const more = problems.length > mostShown ? `\nand ${problems.length - mostShown} more` : "";
  const shown = describeProblems(problems.slice(0, mostShown));
  return new ReleaseError(code, `The traits have problems.\n${shown}${more}`);
}

function normalised(file: TraitsFile, sources: readonly string[]): Traits {
  const { family, type, settings = {}, publish = {}, environments = {} } = file;
  const template = templateRequestOf(file.template);
  const { provider: _, ...eligibility } = file.eligibility ?? {};
  return {
    ...noTraits,
    sources,
    ...(family !== undefined && { family }),
    ...(type !== undefined && { type }),
    ...(template && { template }),
    settings,
    eligibility,
    everywhere: environmentTraits(file, {}),
    byEnvironment: Object.fromEntries(
      Object.entries(environments).map(([name, each]) => [name, environmentTraits(each, each.settings)]),
    ),
    publish,
  };
}

function environmentTraits(
  { parameters = {}, tags = {}, strategy, window, migrations }: EnvironmentFile,
  settings: EnvironmentFile["settings"] = {},
): EnvironmentTraits {
  return {
    parameters,
    tags,
    ...(strategy !== undefined && { strategy: typeof strategy === "string" ? { type: strategy } : strategy }),
    ...(window && { window: { timeZone: "UTC", ...window } }),
    ...(migrations && { migrations }),
    settings,
  };
}

function settingsIn(root: TreeNode): SettingsTrees {
  const fieldOf = (node: TreeNode | undefined, name: string): TreeNode | undefined =>
    node?.kind === "object" ? node.fields.get(name) : undefined;
  const environments = fieldOf(root, "environments");
  const base = fieldOf(root, "settings");
  const all = environments?.kind === "object" ? [...environments.fields] : [];
  const own = all.flatMap(([name, node]): [string, TreeNode][] => {
    const settings = fieldOf(node, "settings");
    return settings === undefined ? [] : [[name, settings]];
  });
  return { ...(base && { base }), byEnvironment: Object.fromEntries(own) };
}
