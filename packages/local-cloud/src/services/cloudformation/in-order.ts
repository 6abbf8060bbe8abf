/** Runs work over a graph: each node after all it waits for, everything else at the same time. */
import type { Graph } from "#cloud/cloudformation/dependency-graph.ts";

/**
 * `work` answers whether its node succeeded; nodes that wait for a failed one never run.
 * `proceed` is asked before each start, so that a failure anywhere can stop what has not begun.
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
