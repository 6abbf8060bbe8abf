/** Finds the circles of an import graph; an import of a type counts as much as an import of a value. */
import type { Edge } from "./check-table.ts";

/** Each circle as the files of one strongly connected component (Tarjan 1972), sorted by name. */
export function findCircles(edges: readonly Edge[]): string[][] {
  const next = new Map<string, string[]>();
  for (const { from, to } of edges) next.set(from, [...(next.get(from) ?? []), to]);
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const open: string[] = [];
  const circles: string[][] = [];

  const enter = (file: string): void => {
    order.set(file, order.size);
    lowest.set(file, order.size - 1);
    open.push(file);
    for (const to of next.get(file) ?? []) {
      if (!order.has(to)) enter(to);
      if (open.includes(to)) lowest.set(file, Math.min(numberOf(lowest, file), numberOf(lowest, to)));
    }
    if (lowest.get(file) !== order.get(file)) return;
    const circle = open.splice(open.indexOf(file));
    if (circle.length > 1 || next.get(file)?.includes(file)) circles.push(circle.sort());
  };
  for (const file of next.keys()) if (!order.has(file)) enter(file);
  return circles.sort();
}

const numberOf = (map: ReadonlyMap<string, number>, key: string): number => map.get(key) ?? 0;
