/** `kedge check`: shows the plan of an upload without uploading, with the same code that decides it. */
import type { Command } from "commander";
import { openArtifact } from "#bin/input/artifact.ts";
import { requiredEstate } from "#bin/input/estate-file.ts";
import { type LineOptions, lineOf, withLineOptions } from "#bin/input/line-options.ts";
import { ownTemplates } from "#bin/input/own-templates.ts";
import { sentencesOf, showCheck } from "#bin/show/check.ts";
import { print, printJson } from "#bin/show/print.ts";
import { checkArtifact } from "#operate/check-artifact.ts";
import { isDecided, rejectBroken } from "#release/rules/rejection.ts";

type CheckOptions = LineOptions & {
  readonly estate?: string;
  readonly why?: boolean;
  readonly json?: boolean;
};

export function registerCheck(program: Command): void {
  withLineOptions(
    program
      .command("check")
      .argument("<dir|zip>", "folder or zip to look at")
      .description("Say what an upload would do: kind, template, environments and plan. Uploads nothing."),
  )
    .option("--estate <file>", "the estate file (default: $KEDGE_ESTATE)")
    .option("--why", "also say why the other release templates do not fit")
    .option("--json", "print what was found as JSON")
    .action(async (source: string, options: CheckOptions) => {
      const estate = await requiredEstate(options.estate, "environments the branch may reach");
      const line = await lineOf(options, source);
      await using artifact = await openArtifact(source);
      const { reader } = artifact;
      if (reader.size === 0) {
        if (options.json) printJson({ line, teardown: true });
        else
          print(
            "This upload is empty, so it tears down the branch: Kedge removes its stacks and its pipeline.",
          );
        return;
      }
      const found = await checkArtifact({ estate, line, reader, templates: ownTemplates });
      const { environments, plan, findings } = found;
      const { manifest } = found.inspection;
      const reasons = sentencesOf(found.inspection.reasons);
      if (options.json)
        printJson({ line, template: plan.template.name, reasons, manifest, environments, plan, findings });
      else print(showCheck(line, found, options.why === true));
      rejectBroken(findings.filter(isDecided));
    });
}
