/** The contract of each port to approvals. */
import { describe, expect, it } from "vitest";
import type { Approvals, PendingApproval } from "#ports/approvals.ts";

type ApprovalsSubject = AsyncDisposable & {
  readonly port: Approvals;
  readonly pipeline: string;
  /** An approval with the text `A description` waits in the stage `dev` afterwards. */
  readonly beginRelease: () => Promise<void>;
  /** Lets everything happen that happens by itself. */
  readonly settle: () => Promise<void>;
};

export function approvalsContract(name: string, open: () => Promise<ApprovalsSubject>): void {
  const waiting = async ({ port, pipeline }: ApprovalsSubject): Promise<PendingApproval> => {
    const [first] = (await port.pending(pipeline)) ?? [];
    if (first === undefined) throw new TypeError("No approval waits.");
    return first;
  };

  describe(`approvals in ${name}`, () => {
    it("answers undefined for a pipeline that does not exist", async () => {
      await using subject = await open();
      expect(await subject.port.pending("kedge-line-none")).toBeUndefined();
    });

    it("finds the approval that waits and its text", async () => {
      await using subject = await open();
      await subject.beginRelease();
      const approval = await waiting(subject);
      expect(approval).toMatchObject({ stage: "dev", action: "Approve", token: expect.any(String) });
      expect(approval.execution).not.toBe("");
      expect(await subject.port.shown(subject.pipeline, approval)).toEqual({
        text: "A description",
        clearances: [],
      });
    });

    it.each(["Approved", "Rejected"] as const)("accepts the decision %s once", async (decision) => {
      await using subject = await open();
      await subject.beginRelease();
      const { port, pipeline } = subject;
      const at = await port.decide(pipeline, await waiting(subject), decision, "change 4711");
      await subject.settle();
      expect(at).toMatch(/^\d{4}-\d\d-\d\dT/);
      expect(await port.pending(pipeline)).toEqual([]);
    });
  });
}
