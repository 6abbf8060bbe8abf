/** The contract of each registry of release templates. */
import { describe, expect, it } from "vitest";
import type { WritableTemplateRegistry } from "#ports/template-registry.ts";
import { sha256Hex } from "#release/names/digest.ts";
import { registryKeys } from "#release/names/registry-keys.ts";
import type { TemplateRef } from "#release/plan/plan.ts";
import { emptyIndex, type PublishedTemplate } from "#release/template/template-index.ts";
import { withVersion } from "#release/template/template-publish.ts";
import { withWithdrawal } from "#release/template/withdrawn.ts";
import { codeOf } from "#test/release/samples.ts";

type TemplateRegistrySubject = AsyncDisposable & {
  readonly port: WritableTemplateRegistry;
  /** Writes an object without the port. */
  readonly overwrite: (key: string, bytes: Uint8Array) => Promise<void>;
};

type OpenedSubject = TemplateRegistrySubject & {
  readonly publish: (ref: TemplateRef, module: Uint8Array) => Promise<void>;
};

export const moduleOf = (name: string, version: string, more = ""): Uint8Array =>
  Buffer.from(
    `export const template = { name: "${name}", version: "${version}", summary: "A small template.",
      rollback: { within: "minutes", by: "a stack update" }, entries: [],
      detect: () => ({ fits: true, reason: "it is there." }), plan: () => { throw new Error("no plan"); } };\n${more}`,
  );

export const refOf = (name: string, version: string, module: Uint8Array): TemplateRef => ({
  ...{ name, version },
  sha256: sha256Hex(module),
});

export const publicationOf = (ref: TemplateRef): PublishedTemplate => ({
  ...ref,
  ...{ publishedAt: "2026-01-01T00:00:00.000Z", changelog: "first", draft: false },
});

export function templateRegistryContract(name: string, opened: () => Promise<TemplateRegistrySubject>): void {
  const open = async (): Promise<OpenedSubject> => {
    const subject = await opened();
    return {
      ...{ port: subject.port, overwrite: subject.overwrite },
      publish: ({ name, version, sha256 }, bytes) =>
        subject.overwrite(registryKeys.template(name, version, sha256), bytes),
      [Symbol.asyncDispose]: () => subject[Symbol.asyncDispose](),
    };
  };
  const module = moduleOf("tiny", "1.0.0");
  const ref = refOf("tiny", "1.0.0", module);
  const key = registryKeys.template(ref.name, ref.version, ref.sha256);
  const settings = { type: "object", properties: {} };

  describe(`the template registry in ${name}`, () => {
    it("has an empty index before the first version is published", async () => {
      await using subject = await open();
      expect(await subject.port.index()).toEqual(emptyIndex);
    });

    it("loads a published module and reads its settings", async () => {
      await using subject = await open();
      await subject.publish(ref, module);
      await subject.port.putSettings(ref, settings);
      const { template, ref: loaded } = await subject.port.load(ref);
      expect([template.name, loaded]).toEqual(["tiny", ref]);
      expect(await subject.port.settings(ref)).toEqual(settings);
      expect(Buffer.from(await subject.port.module(ref)).equals(module)).toBe(true);
    });

    it("rejects a module whose bytes differ from its digest", async () => {
      await using subject = await open();
      await subject.overwrite(key, moduleOf("tiny", "1.0.0", "globalThis.intruder = true;"));
      expect(await codeOf(() => subject.port.load(ref))).toBe("TemplateUnavailable");
      expect("intruder" in globalThis).toBe(false);
    });

    it("rejects a module that exports another template", async () => {
      await using subject = await open();
      const other = refOf("other", "1.0.0", module);
      await subject.publish(other, module);
      expect(await codeOf(() => subject.port.load(other))).toBe("TemplateUnavailable");
    });

    it("rejects a module that was never published", async () => {
      await using subject = await open();
      expect(await codeOf(() => subject.port.load(ref))).toBe("TemplateUnavailable");
      expect(await codeOf(() => subject.port.module(ref))).toBe("TemplateUnavailable");
    });

    it("keeps the settings of a version when they are written again", async () => {
      await using subject = await open();
      await subject.port.putSettings(ref, settings);
      await subject.port.putSettings(ref, { type: "object" });
      expect(await subject.port.settings(ref)).toEqual(settings);
    });

    it("changes the index and returns the new one", async () => {
      await using subject = await open();
      const changed = await subject.port.change((index) => withVersion(index, publicationOf(ref)));
      expect(changed.versions).toHaveLength(1);
      expect(await subject.port.index()).toEqual(changed);
      const { version: _, ...rest } = ref;
      const next = publicationOf({ ...rest, version: "1.1.0", sha256: "b".repeat(64) });
      await subject.port.change((index) => withVersion(index, next));
      expect((await subject.port.index()).versions).toHaveLength(2);
    });

    it("keeps a withdrawal when the index changes again", async () => {
      await using subject = await open();
      const withdrawal = {
        ...{ name: "tiny", version: "1.0.0" },
        withdrawnAt: "2026-02-01",
        reason: "A hole.",
      };
      await subject.port.change((index) => withVersion(index, publicationOf(ref)));
      const changed = await subject.port.change((index) => withWithdrawal(index, withdrawal));
      expect(await subject.port.index()).toEqual(changed);
      const next = publicationOf({ ...ref, version: "1.1.0", sha256: "b".repeat(64) });
      await subject.port.change((index) => withVersion(index, next));
      const { withdrawn, versions } = await subject.port.index();
      expect([withdrawn, versions.length]).toEqual([[withdrawal], 2]);
    });
  });
}
