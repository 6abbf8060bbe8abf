/**
 * Confirms published versions of release templates as a second person. It runs no module that waits: the code of the
 * publisher would run with the rights of the person who confirms it.
 */
import { OperateError } from "#operate/operate-error.ts";
import type { TemplateProposals } from "#ports/template-proposals.ts";
import {
  type PublishedTemplate,
  type TemplateIndex,
  templateLabel,
} from "#release/template/template-index.ts";
import { findVersion, withVersion } from "#release/template/template-publish.ts";
import { withdrawalOf } from "#release/template/withdrawn.ts";
import type { RegistryDeps } from "./deps.ts";
import { signModule } from "./sign-module.ts";

export type UnconfirmedTemplate = PublishedTemplate & { readonly publishedBy?: string };

/** The versions that one person has signed, without the withdrawn ones. */
export async function unconfirmedTemplates({
  registry,
}: RegistryDeps): Promise<readonly UnconfirmedTemplate[]> {
  const index = await registry.index();
  const versions = index.versions.filter((version) => withdrawalOf(index, version) === undefined);
  const waits = await Promise.all(versions.map(async (version) => !(await registry.confirmed(version))));
  return versions.filter((_, at) => waits[at]).map((version) => withPublisherOf(index, version));
}

/** `wanted` is `name@version`. Throws `VersionMissing` for a name alone, and `TemplateUnavailable`. */
export async function templateToConfirm(
  { registry }: RegistryDeps,
  wanted: string,
): Promise<UnconfirmedTemplate> {
  if (!wanted.includes("@"))
    throw new OperateError("VersionMissing", `Name the version to confirm, e.g. ${wanted}@1.0.0.`);
  const index = await registry.index();
  return withPublisherOf(index, findVersion(index, wanted));
}

/** Throws `TemplateWaits` for the person who has signed the version already. */
export async function confirmTemplate(
  { registry, modules }: RegistryDeps & { readonly modules: TemplateProposals },
  version: PublishedTemplate,
): Promise<void> {
  const { name, version: number, sha256 } = version;
  const ref = { name, version: number, sha256 };
  const { confirmed } = await signModule(modules, ref, await registry.module(ref));
  if (confirmed) return void (await registry.change((index) => withVersion(index, version)));
  throw new OperateError(
    "TemplateWaits",
    `${templateLabel(ref)} still waits: you are the only person who has signed it in the last 30 days. Sessions of one IAM role count as one person, except those of IAM Identity Center. Ask a colleague with another identity to confirm it.`,
  );
}

function withPublisherOf(index: TemplateIndex, version: PublishedTemplate): UnconfirmedTemplate {
  const publisher = index.publishers?.find(
    (each) => each.name === version.name && each.version === version.version,
  );
  return { ...version, ...(publisher && { publishedBy: publisher.person }) };
}
