/**
 * Runs work over a dependency graph: a node follows its dependencies, and independent nodes run in parallel.
 */
import type { Graph } from "#cloud/cloudformation/dependency-graph.ts";

/**
 * `work` returns whether its node succeeded. A node that depends on a failed node never runs.
 * `inOrder` calls `proceed` before each start, so that a failure can stop the nodes that have not begun.
 */
export async function inOrder(
  graph: Graph,
  work: (id: string) => Promise<boolean>,
  proceed: () => boolean = () => true,
): Promise<void> {
  const started = new Map<string, Promise<boolean>>();
  const start = (id: string): Promise<boolean> => {
    const running = started.get(id);
    if (running) return running;
    const task = (async () => {
      const ready = await Promise.all((graph.get(id) ?? []).filter((needed) => graph.has(needed)).map(start));
      return ready.every(Boolean) && proceed() ? await work(id) : false;
    })();
    started.set(id, task);
    return task;
  };
  await Promise.all([...graph.keys()].map(start));
}
