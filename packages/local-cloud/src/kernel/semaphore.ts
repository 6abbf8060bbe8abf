/**
 * Turns for work that wants a processor for itself: at most so many at a time, the others in the order they came. A
 * burst of cold starts that share two cores all at once takes each of them past its limit.
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
      // A turn that is handed on stays counted.
      const next = waiting.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  };
}
