/** The contract of each port to a dead-letter queue. */
import { describe, expect, it } from "vitest";
import type { DeadLetters } from "#ports/dead-letters.ts";

type DeadLettersSubject = AsyncDisposable & {
  readonly port: DeadLetters;
  /** Leaves a message with this body in the dead-letter queue. */
  readonly deadLetter: (body: string) => Promise<void>;
  /** The bodies in the queue that the messages came from. */
  readonly movedBack: () => Promise<readonly string[]>;
};

export function deadLettersContract(name: string, open: () => Promise<DeadLettersSubject>): void {
  describe(`dead letters in ${name}`, () => {
    it("shows each message as often as it is asked", async () => {
      await using subject = await open();
      expect(await subject.port.peek()).toEqual([]);
      for (const body of ["a", "b"]) await subject.deadLetter(body);
      for (let times = 0; times < 2; times += 1) {
        const found = await subject.port.peek();
        expect(found.map(({ body }) => body).toSorted()).toEqual(["a", "b"]);
        expect(found[0]?.sentAt).toMatch(/^\d{4}-\d\d-\d\dT/);
      }
    });

    it("moves every message back to the queue it came from", async () => {
      await using subject = await open();
      await subject.deadLetter("a");
      await subject.port.startMove();
      await expect.poll(() => subject.port.moveState()).toEqual({ state: "completed", moved: 1 });
      expect(await subject.movedBack()).toEqual(["a"]);
      expect(await subject.port.peek()).toEqual([]);
    });
  });
}
