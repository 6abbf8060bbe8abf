/** Publishes one version of a release template from its folder. No line has it before a rollout moves it. */
import { OperateError } from "#operate/operate-error.ts";
import type { Clock } from "#ports/clock.ts";
import type { TemplateFolders } from "#ports/template-folders.ts";
import type { TemplateProposals } from "#ports/template-proposals.ts";
import type { TemplateRef } from "#release/plan/plan.ts";
import { checkCompatibility } from "#release/template/settings-compatibility.ts";
import { settingsSchemaOf } from "#release/template/settings-schema.ts";
import {
  emptyIndex,
  type PublishedTemplate,
  sameTemplate,
  templateLabel,
  type Withdrawal,
} from "#release/template/template-index.ts";
import {
  checkVersions,
  findVersion,
  withPublisher,
  withVersion,
  withWaitingVersion,
} from "#release/template/template-publish.ts";
import { withdrawalOf } from "#release/template/withdrawn.ts";
import { bundleFolder } from "./candidate.ts";
import type { RegistryDeps } from "./deps.ts";
import { signModule } from "./sign-module.ts";

type PublishTemplateDeps = RegistryDeps & {
  readonly modules: TemplateProposals;
  readonly folders: Pick<TemplateFolders, "bundle">;
  readonly clock: Clock;
  /** The id of the caller in records. */
  readonly person: () => Promise<string>;
};

type PublishTemplateOrder = {
  readonly folder: string;
  readonly changelog: string;
  /** A draft has a prerelease version and is given only to the lines it is tried on. */
  readonly draft: boolean;
};

type TemplatePublication = {
  readonly ref: TemplateRef;
  readonly bytes: number;
  /** The first version of a name is current at once. */
  readonly current: boolean;
  /** Enough people have signed it, so lines may use it. */
  readonly confirmed: boolean;
  /** The version was published before, and withdrawn since. It stays withdrawn. */
  readonly withdrawn?: Withdrawal;
};

export async function publishTemplate(
  { registry, modules, folders, clock, person }: PublishTemplateDeps,
  { folder, changelog, draft }: PublishTemplateOrder,
): Promise<TemplatePublication> {
  const { module, loaded } = await bundleFolder(folders, folder);
  const { ref, template } = loaded;
  checkDraft(folder, ref.version, draft);
  const settings = settingsSchemaOf(template);
  const published = await registry.index();
  checkVersions(published, [ref]);
  const before = previous(published.versions, ref);
  if (before !== undefined) {
    const was = { version: before.version, settings: await registry.settings(before) };
    checkCompatibility(templateLabel(ref), was, { version: ref.version, settings });
  }
  await registry.putSettings(ref, settings);
  const { confirmed } = await signModule(modules, ref, module);
  const version = { ...ref, publishedAt: clock(), changelog, draft };
  const by = await person();
  const add = confirmed ? withVersion : withWaitingVersion;
  const after = await registry.change((index) => withPublisher(add(index, version), version, by));
  const current = after.templates.some((each) => sameTemplate(each, ref));
  const withdrawn = withdrawalOf(after, ref);
  return { ref, bytes: module.length, current, confirmed, ...(withdrawn && { withdrawn }) };
}

function checkDraft(folder: string, version: string, draft: boolean): void {
  if (version.includes("-") === draft) return;
  throw new OperateError(
    "DraftVersion",
    draft
      ? `A draft needs a prerelease version such as ${version}-draft.1; ${folder} has ${version}.`
      : `${version} is a prerelease version; publish it with --draft, or make it ${version.replace(/-.*/, "")}.`,
  );
}

/** The highest other version of the name that is no draft. */
function previous(
  versions: readonly PublishedTemplate[],
  { name, version }: TemplateRef,
): PublishedTemplate | undefined {
  const others = versions.filter((each) => each.name === name && each.version !== version && !each.draft);
  return others.length === 0 ? undefined : findVersion({ ...emptyIndex, versions: others }, name);
}
