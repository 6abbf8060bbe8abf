/**
 * Resolves aliases and finds duplicate keys in one pass over a parsed document, without recursion. The `yaml`
 * library answers both questions by walking or comparing each time, so a crafted document would take minutes.
 */
import { type Alias, isAlias, isMap, isNode, isScalar, isSeq, type Node } from "yaml";

type Survey = {
  readonly targets: ReadonlyMap<Alias, Node>;
  /** The second and every further key of a name. */
  readonly repeated: readonly Node[];
};

export function surveyOf(contents: Node | null): Survey {
  const anchors = new Map<string, Node>();
  const targets = new Map<Alias, Node>();
  const repeated: Node[] = [];
  const due: unknown[] = [contents];
  while (due.length > 0) {
    const node = due.pop();
    if (!isNode(node)) continue;
    if (isAlias(node)) {
      const target = anchors.get(node.source);
      if (target !== undefined) targets.set(node, target);
      continue;
    }
    if (node.anchor !== undefined) anchors.set(node.anchor, node);
    if (isSeq(node)) for (const item of node.items.toReversed()) due.push(item);
    if (!isMap(node)) continue;
    const names = new Set<string>();
    for (const { key } of node.items) {
      if (!isScalar(key)) continue;
      const name = String(key.source ?? key.value);
      if (names.has(name)) repeated.push(key);
      names.add(name);
    }
    for (const { key, value } of node.items.toReversed()) due.push(value, key);
  }
  return { targets, repeated };
}
