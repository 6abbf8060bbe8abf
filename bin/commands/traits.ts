/** `kedge traits`: shows how a team's traits are understood, and writes files to start from. Uploads nothing. */
import type { Command } from "commander";
import { openArtifact } from "#bin/input/artifact.ts";
import { estateIfNamed } from "#bin/input/estate-file.ts";
import { type LineOptions, lineOf, withLineOptions } from "#bin/input/line-options.ts";
import { ownTemplates } from "#bin/input/own-templates.ts";
import { writeNewFiles } from "#bin/input/write-files.ts";
import { print, printJson } from "#bin/show/print.ts";
import { showTraits, traitsJson } from "#bin/show/traits.ts";
import { checkTraits, traitsToStartFrom } from "#operate/traits.ts";
import { requireTargets } from "#release/traits/targets.ts";

type CheckOptions = LineOptions & { readonly estate?: string; readonly json?: boolean };

export function registerTraits(program: Command): void {
  const traits = program
    .command("traits")
    .description("Work with .traits/build.yml and .traits/deployment.yml.");
  withLineOptions(
    traits
      .command("check")
      .argument("<dir|zip>", "folder or zip to look at")
      .description("Check the traits, show what they are understood as, and where they let the artifact go."),
  )
    .option(
      "--estate <file>",
      "the estate file (default: $KEDGE_ESTATE); without it no environment is looked at",
    )
    .option("--json", "print what was found as JSON")
    .action(check);
  traits
    .command("init")
    .argument("[dir]", "the folder that is uploaded", ".")
    .option("--force", "overwrite files that are there")
    .description("Write commented traits files to start from, for what is detected.")
    .action(init);
}

async function check(source: string, options: CheckOptions): Promise<void> {
  const estate = await estateIfNamed(options.estate);
  const within = estate && { estate, line: await lineOf(options, source) };
  await using artifact = await openArtifact(source);
  const found = await checkTraits({ reader: artifact.reader, templates: ownTemplates, within });
  if (options.json) printJson(traitsJson(found));
  else print(showTraits(found, within?.line));
  if (found.reach && within) requireTargets(found.reach, within.line);
}

async function init(folder: string, { force = false }: { readonly force?: boolean }): Promise<void> {
  await using artifact = await openArtifact(folder);
  const { files, why } = await traitsToStartFrom({ reader: artifact.reader, templates: ownTemplates });
  for (const path of await writeNewFiles(folder, files, { force })) print(`${path} written`);
  print(why);
}
