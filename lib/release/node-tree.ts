/** A document as a tree of nodes that know where they stand in its text, whatever it was written in. */
import { isMap, isScalar, isSeq, type Node as YamlNode } from "yaml";
import { readYaml, YamlTooMuch } from "./yaml-source.ts";

export type Place = { readonly path: string; readonly line?: number; readonly column?: number };

/** One thing that is wrong in a document. */
export type Problem = Place & { readonly message: string };

export type TreeNode =
  | { readonly kind: "scalar"; readonly place: Place; readonly value: unknown; readonly source?: string }
  | { readonly kind: "list"; readonly place: Place; readonly items: readonly TreeNode[] }
  | { readonly kind: "object"; readonly place: Place; readonly fields: ReadonlyMap<string, TreeNode> };

/** Reads YAML (or JSON, which is YAML). Duplicate keys, tabs and the like come back as problems. */
export function yamlTree(text: string): { readonly root: TreeNode; readonly problems: readonly Problem[] } {
  const yaml = readYaml(text);
  const convert = (given: YamlNode | null | undefined, path: string, depth: number): TreeNode =>
    yaml.enter(given, depth, (node): TreeNode => {
      const place = { path, ...yaml.placeAt(given?.range?.[0] ?? 0) };
      if (isMap(node)) {
        const fields = node.items.map(({ key, value }): [string, TreeNode] => {
          const name = isScalar(key) ? String(key.source ?? key.value) : String(key);
          return [name, convert(value as YamlNode | null, path === "" ? name : `${path}.${name}`, depth + 1)];
        });
        return { kind: "object", place, fields: new Map(fields) };
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
  const problems = yaml.faults.map(({ offset, message }) => ({ path: "", ...yaml.placeAt(offset), message }));
  const nothing: TreeNode = { kind: "scalar", place: { path: "" }, value: null };
  if (problems.length > 0) return { root: nothing, problems };
  try {
    return { root: convert(yaml.contents, "", 0), problems };
  } catch (error) {
    if (!(error instanceof YamlTooMuch)) throw error;
    return { root: nothing, problems: [{ path: "", ...yaml.placeAt(error.offset), message: error.message }] };
  }
}

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
    .map(({ path, line, column, message }) => {
      const where = [line === undefined ? "" : `line ${line}, column ${column}`, path].filter(
        (part) => part !== "",
      );
      return where.length === 0 ? message : `${where.join(", ")}: ${message}`;
    })
    .join("\n");
}
