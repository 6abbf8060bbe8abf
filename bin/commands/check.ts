/** `kedge check`: says what an upload would do, from the same code that decides it, without uploading anything. */
import { readFile } from "node:fs/promises";
import { styleText } from "node:util";
import type { Command } from "commander";
import { parseEstate } from "#release/estate/estate-parse.ts";
import { formatKey } from "#release/names/key.ts";
import { drawPlan } from "#release/plan/plan-draw.ts";
import { planArtifact } from "#release/template/plan-artifact.ts";
import { anchorOf, environmentsFor } from "#release/traits/targets.ts";
import { fileReader } from "./file-reader.ts";
import { type LineOptions, lineOf, withLineOptions } from "./line-options.ts";
import { CommandError } from "./outcome.ts";
import { ownTemplates } from "./own-templates.ts";
import { packArtifact } from "./pack.ts";
import { verdictLines } from "./verdict-lines.ts";

type CheckOptions = LineOptions & { readonly estate?: string; readonly json?: boolean };

export function registerCheck(program: Command): void {
  withLineOptions(
    program
      .command("check")
      .argument("<dir|zip>", "folder or zip to look at")
      .description("Say what an upload would do: kind, template, environments and plan. Uploads nothing."),
  )
    .option("--estate <file>", "the estate file (default: $KEDGE_ESTATE)")
    .option("--json", "print what was found as JSON")
    .action(async (source: string, options: CheckOptions) => {
      const file = options.estate ?? process.env["KEDGE_ESTATE"];
      if (file === undefined)
        throw new CommandError(
          "No estate file: pass --estate or set KEDGE_ESTATE; it says which environments the branch may reach.",
        );
      const estate = parseEstate(await readFile(file, "utf8"));
      const line = await lineOf(options, process.env, source);
      const anchor = anchorOf(estate, line);
      await using packed = await packArtifact(source);
      await using artifact = await fileReader(packed.path);
      const { inspection, planned } = await planArtifact({
        ...{ estate, line, reader: artifact.reader },
        templates: ownTemplates,
      });
      const { plan } = planned;
      const { verdicts } = environmentsFor(estate, line, inspection.manifest.traits);
      if (options.json) {
        process.stdout.write(
          `${JSON.stringify({ line, template: plan.template.name, reasons: inspection.reasons, manifest: inspection.manifest, environments: verdicts, plan }, null, 2)}\n`,
        );
        return;
      }
      process.stdout.write(
        [
          `${formatKey(line)} would be released with the template ${styleText("bold", plan.template.name)}.`,
          ...inspection.reasons.map((reason) => `  ${reason}`),
          `\nEnvironments of ${anchor.name}:`,
          ...verdictLines(verdicts),
          "",
          drawPlan(plan),
          "",
        ].join("\n"),
      );
    });
}
