/** The contract of each port to the target accounts' stacks. */
import { describe, expect, it } from "vitest";
import type { Applications } from "#ports/applications.ts";
import { inFull } from "#release/stack/stack-failure.ts";

export const target = { account: "222222222222", region: "us-east-1" };

export type ApplicationsSubject = AsyncDisposable & {
  readonly port: Applications;
  /** Creates a stack with the output `Greeting: hello`. */
  readonly create: (name: string) => Promise<void>;
  /** Creates a stack whose creation fails, and returns the text of the failure. */
  readonly createFailing: (name: string) => Promise<string>;
  /** Waits until all changes in progress have ended. */
  readonly settle: () => Promise<void>;
};

export function applicationsContract(name: string, open: () => Promise<ApplicationsSubject>): void {
  describe(`application stacks in ${name}`, () => {
    const statusOf = async ({ port }: ApplicationsSubject, stack: string) =>
      (await port.stack(target, stack))?.status;

    it("is absent, then present with its outputs, and absent after a removal that may be repeated", async () => {
      await using subject = await open();
      const stack = "kedge-app-dev-shop";
      expect(await statusOf(subject, stack)).toBeUndefined();
      await subject.create(stack);
      expect(await statusOf(subject, stack)).toBe("CREATE_COMPLETE");
      expect(await subject.port.outputs(target, stack)).toEqual({ Greeting: "hello" });
      expect(await subject.port.failure(target, stack)).toBeUndefined();
      await subject.port.remove(target, stack, "token-1");
      await subject.port.remove(target, stack, "token-1");
      await subject.settle();
      expect(await statusOf(subject, stack)).toBeUndefined();
      await subject.port.remove(target, stack, "token-2");
    });

    it("reports the first cause of a failure", async () => {
      await using subject = await open();
      const words = await subject.createFailing("kedge-app-dev-broken");
      expect(await statusOf(subject, "kedge-app-dev-broken")).toBe("ROLLBACK_COMPLETE");
      const failure = await subject.port.failure(target, "kedge-app-dev-broken");
      expect(failure && inFull(failure)).toContain(words);
      expect(failure?.stack).toContain("stack/kedge-app-dev-broken/");
    });
  });
}
