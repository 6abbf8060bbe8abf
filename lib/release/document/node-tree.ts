/**
 * Parses a document into a tree whose nodes know their location in the text. All formats give the same tree.
 */
import { isMap, isScalar, isSeq, type Node as YamlNode } from "yaml";
import { readYaml, YamlRejected } from "./yaml-source.ts";

export type SourceLocation = {
  /** The file, if several files make up one document. */
  readonly file?: string;
  readonly path: string;
  readonly line?: number;
  readonly column?: number;
};

/** A defect of a document, with its location. */
export type Problem = SourceLocation & { readonly message: string };

export type TreeNode =
  | {
      readonly kind: "scalar";
      readonly location: SourceLocation;
      readonly value: unknown;
      readonly source?: string;
    }
  | { readonly kind: "list"; readonly location: SourceLocation; readonly items: readonly TreeNode[] }
  | {
      readonly kind: "object";
      readonly location: SourceLocation;
      readonly fields: ReadonlyMap<string, TreeNode>;
    };

/**
 * Reads YAML, and so JSON. Duplicate keys, tabs and other defects become problems. Merge keys (`<<`) are
 * followed: a field of the map itself overrides a merged field, and the first of several merges wins.
 */
export function yamlTree(
  text: string,
  file?: string,
): { readonly root: TreeNode; readonly problems: readonly Problem[] } {
  const yaml = readYaml(text);
  const locationAt = (path: string, offset: number): SourceLocation => ({
    ...(file !== undefined && { file }),
    path,
    ...yaml.locationAt(offset),
  });
  const convert = (given: YamlNode | null | undefined, path: string, depth: number): TreeNode =>
    yaml.enter(given, depth, (node): TreeNode => {
      const offset = given?.range?.[0] ?? 0;
      if (node?.tag?.startsWith("!") && node.tag !== "!") {
        throw new YamlRejected(offset, `The tag ${node.tag} has no meaning here.`);
      }
      const location = locationAt(path, offset);
      if (isMap(node)) {
        const own: [string, TreeNode][] = [];
        const merged: TreeNode[] = [];
        for (const { key, value } of node.items) {
          if (isMergeKey(key)) merged.push(...mergedIn(value as YamlNode | null, path, depth + 1));
          else own.push(convertField(key, value as YamlNode | null, path, depth + 1));
        }
        const inherited = merged
          .toReversed()
          .flatMap((each) => (each.kind === "object" ? [...each.fields] : []));
        return { kind: "object", location, fields: new Map([...inherited, ...own]) };
      }
      if (isSeq(node)) {
        const items = node.items.map((item, index) =>
          convert(item as YamlNode, `${path}[${index}]`, depth + 1),
        );
        return { kind: "list", location, items };
      }
      if (!isScalar(node)) return { kind: "scalar", location, value: null };
      const { value, source } = node;
      return { kind: "scalar", location, value, ...(source !== undefined && { source }) };
    });
  const convertField = (
    key: unknown,
    value: YamlNode | null,
    path: string,
    depth: number,
  ): [string, TreeNode] => {
    const name = isScalar(key) ? String(key.source ?? key.value) : String(key);
    return [name, convert(value, path === "" ? name : `${path}.${name}`, depth)];
  };
  /** Their fields have the paths they would have if they were written out. */
  const mergedIn = (given: YamlNode | null, path: string, depth: number): readonly TreeNode[] =>
    yaml.enter(given, depth, (node) => {
      const all = isSeq(node)
        ? node.items.map((item) => convert(item as YamlNode, path, depth + 1))
        : [convert(node, path, depth + 1)];
      if (all.every(({ kind }) => kind === "object")) return all;
      throw new YamlRejected(
        given?.range?.[0] ?? 0,
        "What << merges in is neither fields nor a list of them.",
      );
    });
  const problems = yaml.faults.map(({ offset, message }) => ({ ...locationAt("", offset), message }));
  const nothing: TreeNode = { kind: "scalar", location: locationAt("", 0), value: null };
  if (problems.length > 0) return { root: nothing, problems };
  try {
    return { root: convert(yaml.contents, "", 0), problems };
  } catch (error) {
    if (!(error instanceof YamlRejected)) throw error;
    return { root: nothing, problems: [{ ...locationAt("", error.offset), message: error.message }] };
  }
}

const isMergeKey = (key: unknown): boolean => isScalar(key) && key.type === "PLAIN" && key.source === "<<";

/** The tree of a plain value, e.g. of parsed JSON; its places have no lines. */
export function valueTree(value: unknown, path = ""): TreeNode {
  const location = { path };
  if (Array.isArray(value)) {
    return {
      kind: "list",
      location,
      items: value.map((item, index) => valueTree(item, `${path}[${index}]`)),
    };
  }
  if (typeof value !== "object" || value === null) return { kind: "scalar", location, value };
  const fields = Object.entries(value).map(([name, inner]): [string, TreeNode] => [
    name,
    valueTree(inner, path === "" ? name : `${path}.${name}`),
  ]);
  return { kind: "object", location, fields: new Map(fields) };
}

/** The tree as the plain value it stands for. */
export function plainValue(node: TreeNode): unknown {
  if (node.kind === "list") return node.items.map(plainValue);
  if (node.kind === "scalar") return node.value;
  return Object.fromEntries([...node.fields].map(([name, child]) => [name, plainValue(child)]));
}

/** The place of a node by its path, or of the deepest one on the way to it. */
export function locationOf(root: TreeNode, steps: readonly (string | number)[]): SourceLocation {
  let node = root;
  for (const step of steps) {
    const next = node.kind === "object" ? node.fields.get(String(step)) : childAt(node, step);
    if (next === undefined) break;
    node = next;
  }
  return node.location;
}

const childAt = (node: TreeNode, step: string | number): TreeNode | undefined =>
  node.kind === "list" && typeof step === "number" ? node.items[step] : undefined;

/** `3:14 anchors.shop: …`, one line for each problem. */
export function describeProblems(problems: readonly Problem[]): string {
  return problems
    .map(({ file = "", path, line, column, message }) => {
      const where = [file, line === undefined ? "" : `line ${line}, column ${column}`, path].filter(
        (segment) => segment !== "",
      );
      return where.length === 0 ? message : `${where.join(", ")}: ${message}`;
    })
    .join("\n");
}
