/** `kedge template draw`: draws the plan a release template makes for an artifact, in the terminal or as SVG. */
import { writeFile } from "node:fs/promises";
import type { Command } from "commander";
import { openArtifact } from "#bin/input/artifact.ts";
import { central } from "#bin/input/central.ts";
import { type LineOptions, lineOf, withLineOptions } from "#bin/input/line-options.ts";
import { folders } from "#bin/input/template-folders.ts";
import { print } from "#bin/show/print.ts";
import { planWithTemplate } from "#operate/templates/draw-template.ts";
import { drawPlan } from "#release/plan/plan-draw.ts";
import { planSvg } from "#release/plan/plan-svg.ts";

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
    .action(async (wanted: string, source: string, options: DrawOptions) => {
      const deps = { ...(await central()), folders };
      await using artifact = await openArtifact(source);
      const line = await lineOf(options, source);
      const plan = await planWithTemplate(deps, { wanted, line, reader: artifact.reader });
      if (options.svg === undefined) return void process.stdout.write(drawPlan(plan));
      await writeFile(options.svg, planSvg(plan));
      print(`wrote ${options.svg}`);
    });
}
