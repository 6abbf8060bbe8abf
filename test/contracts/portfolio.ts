/** The contract of each port to the portfolio. */
import { describe, expect, it } from "vitest";
import type { Portfolio } from "#ports/portfolio.ts";

type PortfolioSubject = AsyncDisposable & {
  readonly port: Portfolio;
  /** Makes the portfolio of the control plane and answers its id. */
  readonly create: () => Promise<string>;
  /** The organizations that the portfolio is shared with. */
  readonly sharedWith: (id: string) => Promise<readonly string[]>;
};

const organization = "o-a1b2c3d4e5";

export function portfolioContract(name: string, open: () => Promise<PortfolioSubject>): void {
  describe(`the portfolio in ${name}`, () => {
    it("answers undefined when the account has no portfolio of Kedge", async () => {
      await using subject = await open();
      expect(await subject.port.share(organization)).toBeUndefined();
    });

    it("is shared with the organization once, however often it is asked for", async () => {
      await using subject = await open();
      const id = await subject.create();
      expect(await subject.port.share(organization)).toBe(id);
      expect(await subject.port.share(organization)).toBe(id);
      expect(await subject.sharedWith(id)).toEqual([organization]);
    });
  });
}
