/** The proposals of release templates in memory. Published modules go to the registry in memory. */
import type { ModuleAnswer, TemplateProposals } from "#ports/template-proposals.ts";
import type { TemplatePublication } from "#ports/template-publication.ts";
import { registryKeys } from "#release/names/registry-keys.ts";
import { signerOf, signerPath } from "#release/names/signer.ts";
import type { TemplateRef } from "#release/plan/plan.ts";
import { memoryTemplateRegistry } from "./template-registry.ts";

type Registry = Pick<ReturnType<typeof memoryTemplateRegistry>, "objects" | "confirmations">;

type MemoryTemplatePublication = {
  readonly modules: TemplatePublication;
  readonly proposalsOf: (
    userId: string,
    publish: (ref: TemplateRef) => Promise<ModuleAnswer>,
  ) => TemplateProposals;
};

export function memoryTemplatePublication(
  registry: Registry = memoryTemplateRegistry(),
): MemoryTemplatePublication {
  const proposals = new Map<string, Uint8Array>();
  const people = new Map<string, readonly string[]>();
  const keyOf = ({ name, version, sha256 }: TemplateRef): string =>
    registryKeys.template(name, version, sha256);
  return {
    modules: {
      record: async (ref) => {
        const key = keyOf(ref);
        if (!registry.objects.has(key)) return undefined;
        return { confirmed: registry.confirmations.get(key) !== false, people: people.get(key) ?? [] };
      },
      signers: async (ref) => {
        const folder = registryKeys.moduleProposals(ref);
        const keys = [...proposals.keys()].filter((key) => key.startsWith(folder)).sort();
        return keys.flatMap((key) => signerOf(key.slice(folder.length)) ?? []);
      },
      proposal: async (ref, signer) =>
        proposals.get(`${registryKeys.moduleProposals(ref)}${signerPath(signer)}`) ?? new Uint8Array(0),
      write: async (ref, module, record) => {
        const key = keyOf(ref);
        if (!record.confirmed && registry.objects.has(key)) return;
        registry.objects.set(key, module);
        registry.confirmations.set(key, record.confirmed);
        people.set(key, record.people);
      },
    },
    proposalsOf: (userId, publish) => ({
      sign: async (ref, module) => {
        const path = signerPath({ kind: "principal", userId });
        proposals.set(`${registryKeys.moduleProposals(ref)}${path}`, module);
      },
      publish,
    }),
  };
}
