/** `kedge publish`: the cloud team's step after deploying the control plane, and after every change of the estate. */
import type { Command } from "commander";
import { awsConfig } from "#bin/input/aws-config.ts";
import { readText } from "#bin/input/estate-file.ts";
import { print } from "#bin/show/print.ts";
import { parseEstate } from "#release/estate/estate-parse.ts";
import { registryBucket } from "#release/names/deployed-names.ts";

export function registerPublish(program: Command): void {
  program
    .command("publish")
    .description(
      "Publish estate, Lambda code and release templates to the registry, and share the portfolio with the organization.",
    )
    .requiredOption("--estate <file>", "the estate file")
    .option("--dist <directory>", "where a checkout writes its bundles (default: its own dist)")
    .action(async (options: { estate: string; dist?: string }) => {
      const estateText = await readText(options.estate);
      const { central, region } = parseEstate(estateText);
      const { releaseBundles } = await import("#bin/input/release-bundles.ts");
      const { publishableCode } = await import("#bundle/publishable-code.ts");
      const { publishDeps } = await import("#aws/deps-publish.ts");
      const { publish } = await import("#operate/publish.ts");
      const code = publishableCode(await releaseBundles(options.dist));
      await publish(publishDeps(awsConfig(), registryBucket(central, region)), { estateText, code }, print);
    });
}
