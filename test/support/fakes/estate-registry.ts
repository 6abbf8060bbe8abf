/** The published estate and its proposals in memory. */
import type { EstateProposals, PublicationAnswer } from "#ports/estate-proposals.ts";
import type { EstatePublication, PublishedEstate } from "#ports/estate-publication.ts";
import { registryKeys } from "#release/names/registry-keys.ts";
import { signerOf, signerPath } from "#release/names/signer.ts";

type Version = { readonly text: string; readonly people: readonly string[] };

type MemoryEstateRegistry = {
  readonly publication: EstatePublication;
  /** Oldest first; the last one is published. */
  readonly versions: Version[];
  /** The proposals by key. */
  readonly objects: Map<string, string>;
  readonly proposalsOf: (
    userId: string,
    publish: (digest: string) => Promise<PublicationAnswer>,
  ) => EstateProposals;
};

export function memoryEstateRegistry(): MemoryEstateRegistry {
  const versions: Version[] = [];
  const objects = new Map<string, string>();
  const live = async (): Promise<PublishedEstate | undefined> => {
    const newest = versions.at(-1);
    const version = `version-${versions.length}`;
    return newest && { text: newest.text, version, etag: version };
  };
  const below = (folder: string): readonly string[] =>
    [...objects.keys()].filter((key) => key.startsWith(folder)).sort();
  return {
    versions,
    objects,
    publication: {
      live,
      signers: async (base, digest) => {
        const folder = registryKeys.proposals(base, digest);
        return below(folder).flatMap((key) => signerOf(key.slice(folder.length)) ?? []);
      },
      proposal: async (base, digest, signer) =>
        objects.get(`${registryKeys.proposals(base, digest)}${signerPath(signer)}`) ?? "",
      replace: async ({ text, live: before, people }) => {
        if ((await live())?.etag !== before?.etag) return false;
        versions.push({ text, people });
        return true;
      },
    },
    proposalsOf: (userId, publish) => ({
      live,
      sign: async (base, digest, text) => {
        objects.set(
          `${registryKeys.proposals(base, digest)}${signerPath({ kind: "principal", userId })}`,
          text,
        );
      },
      signed: async (base, digest) => objects.get(below(registryKeys.proposals(base, digest))[0] ?? ""),
      waiting: async (base) => {
        const folder = registryKeys.proposalsFor(base);
        return [...new Set(below(folder).map((key) => key.slice(folder.length).split("/")[0] ?? ""))];
      },
      publish,
    }),
  };
}
