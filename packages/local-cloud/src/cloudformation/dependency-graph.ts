/**
 * Builds the dependency graph of a template: the resources that exist under its conditions, and the
 * resources each of them waits for. A circle is an error.
 */
import { isObject, type Json, member } from "./json.ts";
import { dependsOn, referencesIn } from "./references.ts";
import type { ResourceDeclaration, Template } from "./template.ts";
import { templateError, validationError } from "./template-error.ts";

export type Graph = ReadonlyMap<string, readonly string[]>;

/** Returns the resources whose condition holds. */
export function activeResources(
  template: Template,
  conditions: Readonly<Record<string, boolean>>,
): Record<string, ResourceDeclaration> {
  return Object.fromEntries(
    Object.entries(template.Resources).filter(
      ([, resource]) => resource.Condition === undefined || member(conditions, resource.Condition) === true,
    ),
  );
}

export function dependencyGraph(
  resources: Readonly<Record<string, ResourceDeclaration>>,
  declared: Readonly<Record<string, unknown>>,
  conditions: Readonly<Record<string, boolean>>,
): Graph {
  const graph = new Map<string, readonly string[]>();
  const lost = new Set<string>();
  for (const [id, resource] of Object.entries(resources)) {
    const named = referencesIn(withoutPolicies(resource), conditions).map((one) => one.name);
    for (const name of named) {
      if (member(declared, name) !== undefined && member(resources, name) === undefined) lost.add(name);
    }
    const needed = new Set(
      [...named, ...dependsOn(resource.DependsOn)].filter((name) => member(resources, name) !== undefined),
    );
    graph.set(id, [...needed]);
  }
  if (lost.size > 0) {
    throw templateError(
      `Unresolved resource dependencies [${[...lost].sort().join(", ")}] in the Resources block of the template`,
    );
  }
  rejectCycle(graph);
  return graph;
}

const withoutPolicies = (resource: ResourceDeclaration): Json => {
  const properties: Json = resource.Properties ?? null;
  return isObject(resource.CreationPolicy) ? [properties, resource.CreationPolicy] : [properties];
};

function rejectCycle(graph: Graph): void {
  const remaining = new Map(graph);
  for (let before = -1; before !== remaining.size; ) {
    before = remaining.size;
    for (const [id, needed] of remaining)
      if (!needed.some((name) => remaining.has(name))) remaining.delete(id);
  }
  // The remaining resources wait for a circle. The error names only the resources on the circle.
  for (let before = -1; before !== remaining.size; ) {
    before = remaining.size;
    const wanted = new Set([...remaining.values()].flat());
    for (const id of remaining.keys()) if (!wanted.has(id)) remaining.delete(id);
  }
  if (remaining.size > 0) {
    throw validationError(`Circular dependency between resources: [${[...remaining.keys()].join(", ")}]`);
  }
}

/** Returns the graph of deletion: each resource waits for the resources that depend on it. */
export function reversed(graph: Graph): Graph {
  const reverse = new Map<string, string[]>([...graph.keys()].map((id) => [id, []]));
  for (const [id, needed] of graph) for (const name of needed) reverse.get(name)?.push(id);
  return reverse;
}
