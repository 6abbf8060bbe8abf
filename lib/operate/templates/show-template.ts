/** Describes a published version: its detection table, its settings, and how its releases are rolled back. */
import type { JsonSchema } from "#release/document/shape.ts";
import type { Line } from "#release/names/key.ts";
import type { ReleaseTemplate } from "#release/template/template.ts";
import type { PublishedTemplate, TemplateIndex, Withdrawal } from "#release/template/template-index.ts";
import { findVersion } from "#release/template/template-publish.ts";
import { replacementOf, withdrawalOf } from "#release/template/withdrawn.ts";
import type { LinesDeps, RegistryDeps } from "./deps.ts";
import { linesWith } from "./withdraw-template.ts";

export type TemplateDescription = PublishedTemplate &
  Pick<ReleaseTemplate, "summary" | "rollback"> & {
    readonly entries: readonly { readonly rank: number; readonly means: string; readonly pattern: string }[];
    readonly settings: JsonSchema;
    /** The publisher's id; absent for a version that an earlier Kedge published. */
    readonly publishedBy?: string;
    /** Only for a withdrawn version, with the lines that still have it. */
    readonly withdrawn?: Pick<Withdrawal, "withdrawnAt" | "reason"> & {
      readonly instead?: string;
      readonly lines: readonly Line[];
    };
  };

/** `wanted` is a name or `name@version`. Throws `TemplateUnavailable`. */
export async function describeTemplate(
  deps: RegistryDeps & LinesDeps,
  wanted: string,
): Promise<TemplateDescription> {
  const { registry } = deps;
  const index = await registry.index();
  const version = findVersion(index, wanted);
  const withdrawn = await describeWithdrawal(deps, index, version);
  const { template } = await registry.load(version);
  const settings = await registry.settings(version);
  const entries = template.entries.map(({ matches, rank, means }) => ({
    rank,
    means,
    pattern: matches.source,
  }));
  const { summary, rollback } = template;
  const publisher = index.publishers?.find(
    (each) => each.name === version.name && each.version === version.version,
  );
  return {
    ...{ ...version, summary, rollback, entries, settings },
    ...(publisher && { publishedBy: publisher.person }),
    ...(withdrawn && { withdrawn }),
  };
}

/** Undefined for a version that is not withdrawn: the results of all lines are read only for a withdrawn one. */
async function describeWithdrawal(
  deps: LinesDeps,
  index: TemplateIndex,
  version: PublishedTemplate,
): Promise<TemplateDescription["withdrawn"]> {
  const withdrawal = withdrawalOf(index, version);
  if (withdrawal === undefined) return undefined;
  const { withdrawnAt, reason } = withdrawal;
  const instead = replacementOf(index, version)?.version;
  const lines = await linesWith(deps, version);
  return { withdrawnAt, reason, ...(instead !== undefined && { instead }), lines };
}
