/** A document as a tree of nodes that know where they stand in its text, whatever it was written in. */
import { isMap, isScalar, isSeq, type Node as YamlNode } from "yaml";
import { readYaml, YamlRefused } from "./yaml-source.ts";

export type Place = {
  /** Where several documents make one. */
  readonly file?: string;
  readonly path: string;
  readonly line?: number;
  readonly column?: number;
};

/** One thing that is wrong in a document. */
export type Problem = Place & { readonly message: string };

export type TreeNode =
  | { readonly kind: "scalar"; readonly place: Place; readonly value: unknown; readonly source?: string }
  | { readonly kind: "list"; readonly place: Place; readonly items: readonly TreeNode[] }
  | { readonly kind: "object"; readonly place: Place; readonly fields: ReadonlyMap<string, TreeNode> };

/**
 * Reads YAML (or JSON, which is YAML). Duplicate keys, tabs and the like come back as problems. Merge keys are followed:
 * what is written out wins over what is merged in, and of several merges the first.
 */
export function yamlTree(
  text: string,
  file?: string,
): { readonly root: TreeNode; readonly problems: readonly Problem[] } {
  const yaml = readYaml(text);
  const placeAt = (path: string, offset: number): Place => ({
    ...(file !== undefined && { file }),
    path,
    ...yaml.placeAt(offset),
  });
  const convert = (given: YamlNode | null | undefined, path: string, depth: number): TreeNode =>
    yaml.enter(given, depth, (node): TreeNode => {
      const offset = given?.range?.[0] ?? 0;
      if (node?.tag?.startsWith("!") && node.tag !== "!") {
        throw new YamlRefused(offset, `The tag ${node.tag} has no meaning here.`);
      }
      const place = placeAt(path, offset);
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
        return { kind: "object", place, fields: new Map([...inherited, ...own]) };
      }
      if (isSeq(node)) {
        const items = node.items.map((item, index) =>
          convert(item as YamlNode, `${path}[${index}]`, depth + 1),
        );
        return { kind: "list", place, items };
      }
      if (!isScalar(node)) return { kind: "scalar", place, value: null };
      const { value, source } = node;
      return { kind: "scalar", place, value, ...(source !== undefined && { source }) };
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
      throw new YamlRefused(
        given?.range?.[0] ?? 0,
        "What << merges in is neither fields nor a list of them.",
      );
    });
  const problems = yaml.faults.map(({ offset, message }) => ({ ...placeAt("", offset), message }));
  const nothing: TreeNode = { kind: "scalar", place: placeAt("", 0), value: null };
  if (problems.length > 0) return { root: nothing, problems };
  try {
    return { root: convert(yaml.contents, "", 0), problems };
  } catch (error) {
    if (!(error instanceof YamlRefused)) throw error;
    return { root: nothing, problems: [{ ...placeAt("", error.offset), message: error.message }] };
  }
}

const isMergeKey = (key: unknown): boolean => isScalar(key) && key.type === "PLAIN" && key.source === "<<";

/** The tree of a plain value, e.g. of parsed JSON; its places have no lines. */
export function valueTree(value: unknown, path = ""): TreeNode {
  const place = { path };
  if (Array.isArray(value)) {
    return { kind: "list", place, items: value.map((item, index) => valueTree(item, `${path}[${index}]`)) };
  }
  if (typeof value !== "object" || value === null) return { kind: "scalar", place, value };
  const fields = Object.entries(value).map(([name, inner]): [string, TreeNode] => [
    name,
    valueTree(inner, path === "" ? name : `${path}.${name}`),
  ]);
  return { kind: "object", place, fields: new Map(fields) };
}

/** The tree as the plain value it stands for. */
export function plainValue(node: TreeNode): unknown {
  if (node.kind === "list") return node.items.map(plainValue);
  if (node.kind === "scalar") return node.value;
  return Object.fromEntries([...node.fields].map(([name, child]) => [name, plainValue(child)]));
}

/** The place of a node by its path, or of the deepest one on the way to it. */
export function placeOf(root: TreeNode, steps: readonly (string | number)[]): Place {
  let node = root;
  for (const step of steps) {
    const next = node.kind === "object" ? node.fields.get(String(step)) : childAt(node, step);
    if (next === undefined) break;
    node = next;
  }
  return node.place;
}

const childAt = (node: TreeNode, step: string | number): TreeNode | undefined =>
  node.kind === "list" && typeof step === "number" ? node.items[step] : undefined;

/** `3:14 anchors.shop: …`, one line for each problem. */
export function describeProblems(problems: readonly Problem[]): string {
  return problems
    .map(({ file = "", path, line, column, message }) => {
      const where = [file, line === undefined ? "" : `line ${line}, column ${column}`, path].filter(
        (part) => part !== "",
      );
      return where.length === 0 ? message : `${where.join(", ")}: ${message}`;
    })
    .join("\n");
}
