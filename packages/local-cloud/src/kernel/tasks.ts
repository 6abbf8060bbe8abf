/**
 * Runs background work. It counts the work, so that a test can wait until the cloud is quiet, and logs
 * failures.
 */

type Tasks = {
  readonly spawn: (label: string, work: () => Promise<void>) => void;
  readonly settled: () => Promise<void>;
  readonly stop: () => void;
  readonly stopping: () => boolean;
};

export function createTasks(log: (line: string) => void): Tasks {
  let running = 0;
  let stopped = false;
  let waiting: (() => void)[] = [];
  const ended = (): void => {
    running -= 1;
    if (running > 0) return;
    const resolve = waiting;
    waiting = [];
    for (const done of resolve) done();
  };
  return {
    spawn: (label, work) => {
      if (stopped) return;
      running += 1;
      work()
        .catch((error: unknown) => {
          if (!stopped)
            log(
              `${label} failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
            );
        })
        .finally(ended);
    },
    settled: async () => {
      while (running > 0) await new Promise<void>((resolve) => waiting.push(resolve));
    },
    stop: () => {
      stopped = true;
    },
    stopping: () => stopped,
  };
}
