/**
 * The traits a package.json can hold, for teams that want no further file: `kedge` (or `config.kedge`, where a tool
 * suffers no foreign key at the top) with the fields of both traits files, and `engines.kedge`, the release template and
 * its version. Nothing else in it is ours: a package.json without them says nothing.
 */
import { type Problem, type TreeNode, yamlTree } from "#release/document/node-tree.ts";

type PackageTraits = {
  /** An object of traits; undefined where the file has none. */
  readonly root?: TreeNode;
  readonly problems: readonly Problem[];
  readonly contradictions: readonly Problem[];
};

const nothing: PackageTraits = { problems: [], contradictions: [] };

export function packageTraits(text: string, file: string): PackageTraits {
  if (!/"kedge"\s*:/.test(text)) return nothing; // spares parsing most of them
  const { root, problems } = yamlTree(text, file);
  if (problems.length > 0) return { ...nothing, problems };
  const own = at(root, "kedge");
  const inConfig = at(root, "config", "kedge");
  const engine = at(root, "engines", "kedge");
  const object = own ?? inConfig;
  if (object === undefined && engine === undefined) return nothing;
  const contradictions = [
    ...(own && inConfig
      ? [{ ...inConfig.location, message: "The key kedge says it already; keep one." }]
      : []),
    ...twoTemplateRequests(object, engine),
  ];
  if (object !== undefined && (object.kind !== "object" || engine === undefined)) {
    return { root: object, problems, contradictions };
  }
  const fields = new Map(object?.kind === "object" ? object.fields : []);
  if (engine !== undefined) fields.set("template", engine);
  return {
    root: { kind: "object", location: object?.location ?? root.location, fields },
    problems,
    contradictions,
  };
}

function twoTemplateRequests(object: TreeNode | undefined, engine: TreeNode | undefined): readonly Problem[] {
  const request = object && at(object, "template");
  if (request === undefined || engine === undefined) return [];
  const same = request.kind === "scalar" && engine.kind === "scalar" && request.value === engine.value;
  return same ? [] : [{ ...engine.location, message: "The field template says it otherwise; keep one." }];
}

function at(node: TreeNode, ...steps: readonly string[]): TreeNode | undefined {
  let found: TreeNode | undefined = node;
  for (const step of steps) found = found?.kind === "object" ? found.fields.get(step) : undefined;
  return found;
}
