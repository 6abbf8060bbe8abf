/** `kedge template publish`: checks, bundles and publishes one version. No line has it before a rollout moves it. */
import type { Command } from "commander";
import { CommandError } from "#bin/commands/outcome.ts";
import { bundleFolder } from "#operate/templates/bundle-folder.ts";
import { central } from "#operate/templates/central.ts";
import { settingsSchemaOf } from "#operate/templates/settings-schema.ts";
import { checkCompatibility } from "#release/template/settings-compatibility.ts";
import { type PublishedTemplate, sameTemplate, templateLabel } from "#release/template/template-index.ts";
import { findVersion, withVersion } from "#release/template/template-publish.ts";

type PublishOptions = { readonly changelog: string; readonly draft?: boolean };

export function registerPublish(template: Command): void {
  template
    .command("publish")
    .argument("<folder>", "the release template's folder, e.g. release-templates/sam")
    .description("Type-check, bundle and publish a release template under its version, for ever.")
    .requiredOption("--changelog <text>", "what is different, in a sentence")
    .option(
      "--draft",
      "only lines it is tried on may have it (version must be a prerelease, e.g. 1.3.0-draft.1)",
    )
    .action(async (folder: string, { changelog, draft = false }: PublishOptions) => {
      const { registry } = await central();
      const { module, loaded } = await bundleFolder(folder);
      const { ref, template: made } = loaded;
      if (ref.version.includes("-") !== draft) {
        throw new CommandError(
          draft
            ? `A draft needs a prerelease version such as ${ref.version}-draft.1; ${folder} has ${ref.version}.`
            : `${ref.version} is a prerelease version; publish it with --draft, or make it ${ref.version.replace(/-.*/, "")}.`,
        );
      }
      const settings = settingsSchemaOf(made);
      const index = await registry.index();
      const before = previous(index.versions, ref);
      if (before !== undefined) {
        const was = { version: before.version, settings: await registry.settings(before) };
        checkCompatibility(templateLabel(ref), was, { version: ref.version, settings });
      }
      await registry.put(ref, module, settings);
      const publishedAt = new Date().toISOString();
      const after = await registry.change((now) =>
        withVersion(now, { ...ref, publishedAt, changelog, draft }),
      );
      const current = after.templates.some((each) => sameTemplate(each, ref));
      process.stdout.write(
        `published ${templateLabel(ref)} ${ref.sha256.slice(0, 12)} (${module.length} bytes)\n${next(ref, { current, draft })}\n`,
      );
    });
}

function previous(
  versions: readonly PublishedTemplate[],
  { name, version }: { readonly name: string; readonly version: string },
): PublishedTemplate | undefined {
  const others = versions.filter((each) => each.name === name && each.version !== version && !each.draft);
  return others.length === 0
    ? undefined
    : findVersion({ templates: [], rollouts: [], trials: [], versions: others }, name);
}

function next(
  ref: { readonly name: string; readonly version: string },
  { current, draft }: { readonly current: boolean; readonly draft: boolean },
): string {
  if (current) return "It is current: new lines get it.";
  if (draft) return `Try it on one line: kedge template try ${templateLabel(ref)} --app … --branch …`;
  return `No line has it yet. See what it would change: kedge template impact ${templateLabel(ref)}; then: kedge template rollout ${templateLabel(ref)}`;
}
