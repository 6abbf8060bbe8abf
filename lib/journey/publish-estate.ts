/**
 * Publishes an estate that people have signed. It runs in `kedge-publish`, the only role that may write the
 * published estate. It reads the published estate and the signed one, compares them, and counts the people. An
 * estate that loosens a gate needs two people.
 */
import type { PublicationAnswer } from "#ports/estate-proposals.ts";
import type { EstatePublication } from "#ports/estate-publication.ts";
import { ReleaseError } from "#release/errors/errors.ts";
import type { Estate } from "#release/estate/estate.ts";
import { parseEstate } from "#release/estate/estate-parse.ts";
import { publicationOf } from "#release/estate/loosening/publication.ts";
import { sha256Hex } from "#release/names/digest.ts";
import { noEstate } from "#release/names/registry-keys.ts";
import type { Signer } from "#release/names/signer.ts";

type PublishEstateDeps = {
  readonly publication: EstatePublication;
  /** The central account that the registry belongs to. */
  readonly central: string;
};

export async function publishEstate(
  { publication, central }: PublishEstateDeps,
  digest: string,
): Promise<PublicationAnswer> {
  const live = await publication.live();
  if (live !== undefined && sha256Hex(live.text) === digest) return { state: "kept" };
  const base = live?.version ?? noEstate;
  const { text, signers } = await signedText(publication, base, digest);
  if (text === undefined) return { state: "missing" };
  const next = readEstate(text);
  if (typeof next === "string") return { state: "refused", why: next };
  if (next.central !== central) {
    const why = `The estate has the central account ${next.central}; this registry belongs to ${central}.`;
    return { state: "refused", why };
  }
  const { may, loosenings, people } = publicationOf({ live: live?.text, next, signers });
  if (!may) return { state: "waits", loosenings };
  const replaced = await publication.replace({ text, live, people });
  return replaced ? { state: "published", loosenings } : { state: "overtaken" };
}

/** The digest in a key is the writer's choice, so a signature counts only if its text has this digest. */
async function signedText(
  publication: EstatePublication,
  base: string,
  digest: string,
): Promise<{ readonly text?: string; readonly signers: readonly Signer[] }> {
  const signers: Signer[] = [];
  let text: string | undefined;
  for (const signer of await publication.signers(base, digest)) {
    const signed = await publication.proposal(base, digest, signer);
    if (sha256Hex(signed) !== digest) continue;
    text = signed;
    signers.push(signer);
  }
  return { ...(text !== undefined && { text }), signers };
}

/** The estate, or its problems. */
function readEstate(text: string): Estate | string {
  try {
    return parseEstate(text);
  } catch (error) {
    if (error instanceof ReleaseError) return error.message;
    throw error;
  }
}
