/** `kedge publish`: the cloud team's step after deploying the control plane, and after every change of the estate. */
import type { Command } from "commander";
import { awsConfig } from "#bin/input/aws-config.ts";
import { readText } from "#bin/input/estate-file.ts";
import { print } from "#bin/show/print.ts";
import { parseEstate } from "#release/estate/estate-parse.ts";
import { registryBucket } from "#release/names/fixed-names.ts";

export function registerPublish(program: Command): void {
  program
    .command("publish")
    .description(
      "Publish estate, Lambda code and release templates to the registry, and share the portfolio with the organization.",
    )
    .requiredOption("--estate <file>", "the estate file")
    .option("--dist <directory>", "where bundles are written", "dist")
    .action(async (options: { estate: string; dist: string }) => {
      const estateText = await readText(options.estate);
      const { central, region } = parseEstate(estateText);
      // Loads esbuild, which no other command needs.
      const { bundleAll } = await import("#bundle/bundle.ts");
      const { publishableCode } = await import("#bundle/publishable-code.ts");
      const { publishDeps } = await import("#aws/deps-publish.ts");
      const { publish } = await import("#operate/publish.ts");
      const code = publishableCode(await bundleAll(options.dist));
      await publish(publishDeps(awsConfig(), registryBucket(central, region)), { estateText, code }, print);
    });
}
