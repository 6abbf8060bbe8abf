/** `kedge template draw`: the plan a template makes for an artifact, as a picture in the terminal or as SVG. */
import { writeFile } from "node:fs/promises";
import type { Command } from "commander";
import { fileReader } from "#bin/commands/file-reader.ts";
import { type LineOptions, lineOf, withLineOptions } from "#bin/commands/line-options.ts";
import { packArtifact } from "#bin/commands/pack.ts";
import { central } from "#operate/templates/central.ts";
import { drawPlan } from "#release/plan/plan-draw.ts";
import { planSvg } from "#release/plan/plan-svg.ts";
import { planArtifact } from "#release/template/plan-artifact.ts";
import { candidate } from "./candidate.ts";

type DrawOptions = LineOptions & { readonly svg?: string };

export function registerDraw(template: Command): void {
  withLineOptions(
    template
      .command("draw")
      .argument("<folder|name[@version]>", "a release template: its folder, or a published one")
      .argument("<artifact>", "folder or zip to plan for, e.g. one of examples/")
      .description("Draw the plan a release template makes, as text or SVG."),
  )
    .option("--svg <file>", "write an SVG picture instead")
    .action(async (wanted: string, artifact: string, options: DrawOptions) => {
      const from = await central();
      const loaded = await candidate(wanted, from);
      await using packed = await packArtifact(artifact);
      await using file = await fileReader(packed.path);
      const line = await lineOf(options, process.env, artifact);
      const { estate } = from;
      const { planned } = await planArtifact({ estate, line, reader: file.reader, templates: [loaded] });
      const { plan } = planned;
      if (options.svg === undefined) process.stdout.write(drawPlan(plan));
      else {
        await writeFile(options.svg, planSvg(plan));
        process.stdout.write(`wrote ${options.svg}\n`);
      }
    });
}
