/**
 * Publishes the module of a release template that people have signed. It runs in `kedge-publish`, the only role that may
 * write modules. A module of one person is stored too, and no reader runs it before the signature of a second person
 * confirms it. The role never runs a module: the code of the module would run with its rights.
 */
import type { EstatePublication } from "#ports/estate-publication.ts";
import type { ModuleAnswer } from "#ports/template-proposals.ts";
import type { TemplatePublication } from "#ports/template-publication.ts";
import { sha256Hex } from "#release/names/digest.ts";
import { peopleOf, type Signer } from "#release/names/signer.ts";
import type { TemplateRef } from "#release/plan/plan.ts";

type PublishModuleDeps = {
  readonly modules: TemplatePublication;
  readonly publication: Pick<EstatePublication, "live">;
};

export async function publishModule(
  { modules, publication }: PublishModuleDeps,
  order: Readonly<Record<string, unknown>>,
): Promise<ModuleAnswer> {
  const ref = readRef(order);
  if (ref === undefined)
    return { state: "refused", why: "The order names no release template by its name, version and SHA-256." };
  const record = await modules.record(ref);
  if (record?.confirmed) return { state: "published", confirmed: true };
  const { module, signers } = await signedModule(modules, ref);
  if (module === undefined) return record ? { state: "published", confirmed: false } : { state: "missing" };
  const people = peopleOf(signers);
  // Before the first estate there are no gates. The first estate needs no second person either.
  const confirmed = people.length > 1 || (await publication.live()) === undefined;
  if (record === undefined || confirmed) await modules.write(ref, module, { confirmed, people });
  return { state: "published", confirmed };
}

/** The names are parts of keys, so no name can lead to another folder. */
function readRef({ name, version, sha256 }: Readonly<Record<string, unknown>>): TemplateRef | undefined {
  if (typeof name !== "string" || typeof version !== "string" || typeof sha256 !== "string") return undefined;
  const known =
    /^[a-z][a-z0-9-]*$/.test(name) && /^\d[0-9A-Za-z.+-]*$/.test(version) && /^[0-9a-f]{64}$/.test(sha256);
  return known ? { name, version, sha256 } : undefined;
}

/** The digest in a key is the writer's choice, so a signature counts only if its module has this digest. */
async function signedModule(
  modules: TemplatePublication,
  ref: TemplateRef,
): Promise<{ readonly module?: Uint8Array; readonly signers: readonly Signer[] }> {
  const signers: Signer[] = [];
  let module: Uint8Array | undefined;
  for (const signer of await modules.signers(ref)) {
    const signed = await modules.proposal(ref, signer);
    if (sha256Hex(signed) !== ref.sha256) continue;
    module = signed;
    signers.push(signer);
  }
  return { ...(module !== undefined && { module }), signers };
}
