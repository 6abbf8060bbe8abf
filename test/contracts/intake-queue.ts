/** The contract of each port to the intake queue. */
import { describe, expect, it } from "vitest";
import type { IntakeQueue } from "#ports/intake-queue.ts";

type IntakeQueueSubject = AsyncDisposable & {
  readonly port: IntakeQueue;
  /** The bodies of all messages that were sent, in any order. */
  readonly received: () => Promise<readonly string[]>;
};

export function intakeQueueContract(name: string, open: () => Promise<IntakeQueueSubject>): void {
  describe(`the intake queue in ${name}`, () => {
    // SQS takes ten messages in a call (SendMessageBatch).
    it.each([0, 1, 21])("gets each of %i messages once", async (count) => {
      await using subject = await open();
      const bodies = Array.from({ length: count }, (_, at) => `message ${String(at).padStart(2, "0")} größe`);
      await subject.port.send(bodies);
      expect((await subject.received()).toSorted()).toEqual(bodies);
    });
  });
}
