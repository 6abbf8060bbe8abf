/**
 * Limits work that needs a processor for itself to a number of tasks at a time. Further tasks wait in order
 * of arrival. Without a limit a burst of cold starts would share two cores, and each would exceed its time
 * limit.
 */

export type Semaphore = <Result>(work: () => Promise<Result>) => Promise<Result>;

export function createSemaphore(atOnce: number): Semaphore {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (running < atOnce) running += 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      // A slot that passes to the next task stays counted.
      const next = waiting.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  };
}
