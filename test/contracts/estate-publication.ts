/** The contract of each store of the published estate and of the proposals for it. */
import { describe, expect, it } from "vitest";
import type { EstateProposals } from "#ports/estate-proposals.ts";
import type { EstatePublication } from "#ports/estate-publication.ts";
import { sha256Hex } from "#release/names/digest.ts";

type EstatePublicationSubject = AsyncDisposable & {
  readonly publication: EstatePublication;
  readonly proposals: EstateProposals;
};

const text = "region: eu-west-1 # größer\n";
const digest = sha256Hex(text);

export function estatePublicationContract(name: string, open: () => Promise<EstatePublicationSubject>): void {
  describe(`the estate's publication in ${name}`, () => {
    it("has no estate and no proposal at first", async () => {
      await using subject = await open();
      expect(await subject.publication.live()).toBeUndefined();
      expect(await subject.proposals.live()).toBeUndefined();
      expect(await subject.publication.signers("none", digest)).toEqual([]);
      expect(await subject.proposals.signed("none", digest)).toBeUndefined();
    });

    it("reads a signed text under the id of its signer, for one base", async () => {
      await using subject = await open();
      await subject.proposals.sign("none", digest, text);
      const [signer, ...others] = await subject.publication.signers("none", digest);
      expect([signer?.kind, others]).toEqual(["principal", []]);
      if (signer === undefined) return;
      expect(await subject.publication.proposal("none", digest, signer)).toBe(text);
      expect(await subject.proposals.signed("none", digest)).toBe(text);
      expect(await subject.publication.signers("other", digest)).toEqual([]);
      expect(await subject.proposals.waiting("none")).toEqual([digest]);
      expect(await subject.proposals.waiting("other")).toEqual([]);
    });

    it("replaces the estate that was read, and no other", async () => {
      await using subject = await open();
      const { publication } = subject;
      const people = ["0123"];
      expect(await publication.replace({ text, live: undefined, people })).toBe(true);
      expect(await publication.replace({ text: "late", live: undefined, people })).toBe(false);
      const first = await publication.live();
      expect(first?.text).toBe(text);
      expect(await publication.replace({ text: "second", live: first, people })).toBe(true);
      expect(await publication.replace({ text: "late", live: first, people })).toBe(false);
      const second = await publication.live();
      expect(second?.text).toBe("second");
      expect(second?.version).not.toBe(first?.version);
    });
  });
}
