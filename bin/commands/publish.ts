/** `kedge publish`: the cloud team's step after deploying the control plane, and after every change of the estate. */
import { readFile } from "node:fs/promises";
import { S3Client } from "@aws-sdk/client-s3";
import { ServiceCatalogClient } from "@aws-sdk/client-service-catalog";
import type { Command } from "commander";
import { publish } from "#operate/publish.ts";

export function registerPublish(program: Command): void {
  program
    .command("publish")
    .description(
      "Publish estate, Lambda code and release templates to the registry, and share the portfolio with the organization.",
    )
    .requiredOption("--estate <file>", "the estate file")
    .option("--dist <directory>", "where bundles are written", "dist")
    .action(async (options: { estate: string; dist: string }) => {
      // Loads esbuild, which no other command needs.
      const { bundleAll } = await import("#bundle/bundle.ts");
      await publish({
        s3: new S3Client({}),
        catalog: new ServiceCatalogClient({}),
        estateText: await readFile(options.estate, "utf8"),
        bundles: await bundleAll(options.dist),
        onStep: (step) => process.stdout.write(`${step}\n`),
      });
    });
}
