/** Describes a published version: its detection table, its settings, and how its releases are rolled back. */
import type { JsonSchema } from "#release/document/shape.ts";
import type { ReleaseTemplate } from "#release/template/template.ts";
import type { PublishedTemplate } from "#release/template/template-index.ts";
import { findVersion } from "#release/template/template-publish.ts";
import type { RegistryDeps } from "./deps.ts";

export type TemplateDescription = PublishedTemplate &
  Pick<ReleaseTemplate, "summary" | "rollback"> & {
    readonly entries: readonly { readonly rank: number; readonly means: string; readonly pattern: string }[];
    readonly settings: JsonSchema;
  };

/** `wanted` is a name or `name@version`. Throws `TemplateUnavailable`. */
export async function describeTemplate(
  { registry }: RegistryDeps,
  wanted: string,
): Promise<TemplateDescription> {
  const version = findVersion(await registry.index(), wanted);
  const { template } = await registry.load(version);
  const settings = await registry.settings(version);
  const entries = template.entries.map(({ matches, rank, means }) => ({
    rank,
    means,
    pattern: matches.source,
  }));
  return { ...version, summary: template.summary, rollback: template.rollback, entries, settings };
}
