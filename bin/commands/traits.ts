/** `kedge traits`: what a team's traits are understood as and lead to, and files to start from. Uploads nothing. */
import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { styleText } from "node:util";
import type { Command } from "commander";
import { ReleaseError } from "#release/errors/errors.ts";
import { parseEstate } from "#release/estate/estate-parse.ts";
import { starterFiles } from "#release/line/traits-starter.ts";
import { formatKey } from "#release/names/key.ts";
import { inspectArtifact } from "#release/template/inspect.ts";
import { checkSettings } from "#release/template/settings-check.ts";
import type { ReleaseTemplate } from "#release/template/template.ts";
import { anchorOf, environmentNames, environmentsFor, requireTargets } from "#release/traits/targets.ts";
import { formatTraits } from "#release/traits/traits-format.ts";
import { defaultLimits } from "#release/zip/limits.ts";
import { fileReader } from "./file-reader.ts";
import { type LineOptions, lineOf, withLineOptions } from "./line-options.ts";
import { CommandError, exitCodes } from "./outcome.ts";
import { ownTemplates } from "./own-templates.ts";
import { packArtifact } from "./pack.ts";
import { verdictLines } from "./verdict-lines.ts";

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
  const file = options.estate ?? process.env["KEDGE_ESTATE"];
  const estate = file === undefined ? undefined : parseEstate(await readFile(file, "utf8"));
  const line = estate && (await lineOf(options, process.env, source));
  const anchor = estate && line && anchorOf(estate, line);
  const inspection = await inspect(source, {
    limits: estate?.limits ?? defaultLimits,
    ...(anchor && { environments: environmentNames(anchor) }),
    ...(estate && { defaults: estate.defaults.templates }),
  });
  const { manifest, reasons, template, settings } = inspection;
  const everywhere = [{ names: [] }]; // without an estate: the settings as such
  checkSettings(template.template, manifest.traits, anchor?.environments ?? everywhere, settings);
  const reach = estate && line && environmentsFor(estate, line, manifest.traits);
  if (options.json) {
    const found = { template: template.ref.name, reasons, traits: manifest.traits };
    const verdicts = reach && { environments: reach.verdicts };
    process.stdout.write(`${JSON.stringify({ ...found, ...verdicts }, null, 2)}\n`);
  } else {
    const { build, deployment } = formatTraits(manifest.traits);
    const from = manifest.traits.sources.join(", ") || "no file; these are the defaults";
    const lines = [
      `Traits from ${from}, for the template ${styleText("bold", template.ref.name)}.`,
      ...reasons.map((reason) => `  ${reason}`),
      ...section(".traits/build.yml", build),
      ...section(".traits/deployment.yml", deployment),
      ...(reach && line
        ? [`\n${formatKey(line)} in ${reach.anchor.name}:`, ...verdictLines(reach.verdicts)]
        : []),
    ];
    process.stdout.write(`${lines.join("\n")}\n`);
  }
  if (reach && line) requireTargets(reach, line);
}

const section = (title: string, text: string): readonly string[] =>
  text === "" ? [] : [`\n${styleText("dim", `# ${title}`)}`, text.trimEnd()];

type Surroundings = Partial<Parameters<typeof inspectArtifact>[0]>;

async function inspect(source: string, surroundings: Surroundings) {
  await using packed = await packArtifact(source);
  await using artifact = await fileReader(packed.path);
  return await inspectArtifact({
    reader: artifact.reader,
    templates: ownTemplates,
    limits: defaultLimits,
    ...surroundings,
  });
}

async function init(folder: string, { force = false }: { readonly force?: boolean }): Promise<void> {
  const { template, why } = await detected(folder);
  const files = starterFiles(
    ownTemplates.map((each) => each.template),
    template,
  );
  for (const { path } of files) {
    const there = await stat(join(folder, path)).catch(() => undefined);
    if (there !== undefined && !force) {
      throw new CommandError(`${join(folder, path)} is there; --force overwrites it.`, exitCodes.usage);
    }
  }
  for (const { path, content } of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
    process.stdout.write(`${join(folder, path)} written\n`);
  }
  process.stdout.write(`${why}\n`);
}

type Detected = { readonly template?: ReleaseTemplate; readonly why: string };

/** Where nothing or several fit, naming one in the traits is the way out. */
async function detected(folder: string): Promise<Detected> {
  try {
    const { template, reasons } = await inspect(folder, {});
    return { template: template.template, why: reasons.find((each) => each.includes(" fits: ")) ?? "" };
  } catch (error) {
    if (!(error instanceof ReleaseError) || !/^(NoTemplateFits|SeveralTemplatesFit)$/.test(error.code))
      throw error;
    return { why: `${error.message} Name the release template in .traits/build.yml.` };
  }
}
