/** `kedge template confirm`: the second person reads a published version of a release template, and signs it. */
import type { Command } from "commander";
import { atTerminal } from "#bin/input/ask.ts";
import { central } from "#bin/input/central.ts";
import { confirm } from "#bin/input/confirm.ts";
import { requireOptions } from "#bin/input/required-options.ts";
import { CommandError, exitCodes } from "#bin/show/outcome.ts";
import { print } from "#bin/show/print.ts";
import { showUnconfirmed } from "#bin/show/templates.ts";
import {
  confirmTemplate,
  templateToConfirm,
  type UnconfirmedTemplate,
  unconfirmedTemplates,
} from "#operate/templates/confirm-template.ts";
import { templateLabel } from "#release/template/template-index.ts";

type ConfirmOptions = { readonly digest?: string; readonly yes?: boolean };

export function registerConfirm(template: Command): void {
  template
    .command("confirm")
    .argument("[name@version]", "the version to confirm; without it, the versions that wait are listed")
    .description("Confirm a published version as the second person: lines may use it then (central account).")
    .option("--digest <sha256>", "confirm only this digest; needed without a terminal")
    .option("--yes", "do not ask")
    .action(async (wanted: string | undefined, { digest, yes = false }: ConfirmOptions) => {
      if (wanted === undefined) return print(listed(await unconfirmedTemplates(await central())));
      if (!atTerminal())
        requireOptions({
          options: { digest },
          hints: { digest: `kedge template confirm prints it` },
          outcome: "Not confirmed",
        });
      const deps = await central();
      const version = await templateToConfirm(deps, wanted);
      requireDigest(version, digest);
      print(showUnconfirmed(version));
      if (!yes && digest === undefined) await confirm("Confirm it?", "Not confirmed");
      await confirmTemplate(deps, version);
      print(`confirmed ${templateLabel(version)}`);
    });
}

function requireDigest(version: UnconfirmedTemplate, digest: string | undefined): void {
  if (digest === undefined || digest === version.sha256) return;
  throw new CommandError(
    `Not confirmed: ${templateLabel(version)} has the digest ${version.sha256}, not ${digest}. Read it again.`,
    exitCodes.rejected,
  );
}

const listed = (versions: readonly UnconfirmedTemplate[]): string =>
  versions.length === 0
    ? "No version waits for a second person."
    : versions
        .flatMap((version) => [
          showUnconfirmed(version),
          `  kedge template confirm ${templateLabel(version)} --digest ${version.sha256}\n`,
        ])
        .join("\n")
        .trimEnd();
