/** The contract of each store of the modules of release templates and of the proposals for them. */
import { describe, expect, it } from "vitest";
import type { TemplateProposals } from "#ports/template-proposals.ts";
import type { TemplatePublication } from "#ports/template-publication.ts";
import type { WritableTemplateRegistry } from "#ports/template-registry.ts";
import { codeOf } from "#test/release/samples.ts";
import { moduleOf, refOf } from "./template-registry.ts";

type TemplatePublicationSubject = AsyncDisposable & {
  readonly modules: TemplatePublication;
  readonly proposals: TemplateProposals;
  /** The registry that readers have. */
  readonly registry: Pick<WritableTemplateRegistry, "load" | "confirmed">;
  /** Writes a module without a record, as an earlier Kedge did. */
  readonly writeUnsigned: (name: string, version: string, module: Uint8Array) => Promise<void>;
};

export function templatePublicationContract(
  name: string,
  open: () => Promise<TemplatePublicationSubject>,
): void {
  const module = moduleOf("tiny", "1.0.0");
  const ref = refOf("tiny", "1.0.0", module);
  const one = { confirmed: false, people: ["0123"] };
  const two = { confirmed: true, people: ["0123", "4567"] };

  describe(`the publication of release templates in ${name}`, () => {
    it("has no module and no proposal at first", async () => {
      await using subject = await open();
      expect(await subject.modules.record(ref)).toBeUndefined();
      expect(await subject.modules.signers(ref)).toEqual([]);
    });

    it("reads a signed module under the id of its signer, for one version", async () => {
      await using subject = await open();
      await subject.proposals.sign(ref, module);
      const [signer, ...others] = await subject.modules.signers(ref);
      expect([signer?.kind, others]).toEqual(["principal", []]);
      if (signer === undefined) return;
      expect(Buffer.from(await subject.modules.proposal(ref, signer)).equals(module)).toBe(true);
      expect(await subject.modules.signers({ ...ref, version: "1.0.1" })).toEqual([]);
    });

    it("runs a module for a reader after a second person has confirmed it", async () => {
      await using subject = await open();
      const module = moduleOf("noted", "1.0.0", `globalThis.loaded = true; // ${name}`);
      const ref = refOf("noted", "1.0.0", module);
      await subject.modules.write(ref, module, one);
      expect(await subject.modules.record(ref)).toEqual(one);
      expect(await subject.registry.confirmed(ref)).toBe(false);
      expect(await codeOf(() => subject.registry.load(ref))).toBe("TemplateUnconfirmed");
      expect("loaded" in globalThis).toBe(false);
      await subject.modules.write(ref, module, two);
      expect(await subject.modules.record(ref)).toEqual(two);
      expect(await subject.registry.confirmed(ref)).toBe(true);
      expect((await subject.registry.load(ref)).unsigned).toBeUndefined();
      expect("loaded" in globalThis).toBe(true);
      Reflect.deleteProperty(globalThis, "loaded");
    });

    it("keeps a confirmed module when a late writer has counted one person", async () => {
      await using subject = await open();
      await subject.modules.write(ref, module, two);
      await subject.modules.write(ref, module, one);
      expect(await subject.modules.record(ref)).toEqual(two);
    });

    it("takes a module of an earlier Kedge as confirmed, and says that it has no signatures", async () => {
      await using subject = await open();
      await subject.writeUnsigned(ref.name, ref.version, module);
      expect(await subject.modules.record(ref)).toEqual({ confirmed: true, people: [] });
      expect([await subject.registry.confirmed(ref), (await subject.registry.load(ref)).unsigned]).toEqual([
        true,
        true,
      ]);
    });
  });
}
