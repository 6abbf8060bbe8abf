/** `kedge template publish`: checks, bundles and publishes one version. No line has it before a rollout moves it. */
import type { Command } from "commander";
import { central } from "#bin/input/central.ts";
import { folders } from "#bin/input/template-folders.ts";
import { CommandError, exitCodes } from "#bin/show/outcome.ts";
import { print } from "#bin/show/print.ts";
import { publishTemplate } from "#operate/templates/publish-template.ts";
import { confirmationNeeded } from "#operate/templates/sign-module.ts";
import { templateLabel, type Withdrawal } from "#release/template/template-index.ts";

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
      const deps = { ...(await central()), folders };
      const publication = await publishTemplate(deps, { folder, changelog, draft });
      const { ref, bytes, withdrawn } = publication;
      if (withdrawn !== undefined) throw new CommandError(withdrawnText(withdrawn), exitCodes.rejected);
      print(`published ${templateLabel(ref)} ${ref.sha256.slice(0, 12)} (${bytes} bytes)`);
      if (publication.confirmed) print(next(templateLabel(ref), { ...publication, draft }));
      else
        print(
          `${confirmationNeeded(templateLabel(ref))}\nSee what it would change: kedge template impact ${folder}`,
        );
    });
}

/** A version stays withdrawn, so no new release takes these bytes. */
const withdrawnText = (withdrawn: Withdrawal): string =>
  `${templateLabel(withdrawn)} is published already, and it was withdrawn on ${withdrawn.withdrawnAt.slice(0, 10)}: ${withdrawn.reason} No new release takes it. Raise the version in its template.ts, and publish that version.`;

function next(label: string, { current, draft }: { readonly current: boolean; readonly draft: boolean }) {
  if (current) return "It is current: new lines get it.";
  if (draft) return `Try it on one line: kedge template try ${label} --app … --branch …`;
  return `No line has it yet. See what it would change: kedge template impact ${label}; then: kedge template rollout ${label}`;
}
