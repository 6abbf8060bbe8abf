/** The queue of lines, in memory. A message leaves the queue when its delivery has succeeded. */
import { lineMessage, type ReconcileRequest, readLineMessage } from "#journey/message.ts";
import type { LineQueue } from "#ports/line-queue.ts";

type Queued = { readonly id: string; readonly request: ReconcileRequest };

export function memoryLineMessages() {
  const queue: Queued[] = [];
  const tried = new Set<string>();
  let count = 0;
  const push = (request: ReconcileRequest): void => {
    count += 1;
    queue.push({
      id: `message-${count}`,
      request: readLineMessage(lineMessage(request, "feature", "").body),
    });
  };
  const lines: LineQueue = {
    send: async (_, sent) => {
      for (const { body } of sent) push(readLineMessage(body));
    },
  };
  return {
    queue,
    push,
    lines,
    /** Hands the oldest message to `handle`. A failed message stays, and is marked when it comes again. */
    deliver: async <Done>(
      handle: (request: ReconcileRequest, id: string) => Promise<Done>,
    ): Promise<Done | undefined> => {
      const [first] = queue;
      if (first === undefined) return undefined;
      const request = { ...first.request, again: tried.has(first.id) };
      tried.add(first.id);
      const done = await handle(request, first.id);
      queue.splice(queue.indexOf(first), 1);
      return done;
    },
  };
}
