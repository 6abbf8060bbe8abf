/** `kedge publish`: the cloud team's step after deploying the control plane, and after every change of the estate. */
import { readFile } from "node:fs/promises";
import type { Command } from "commander";
import { awsConfig } from "#bin/input/aws-config.ts";
import { readText } from "#bin/input/estate-file.ts";
import { CommandError } from "#bin/show/outcome.ts";
import { print } from "#bin/show/print.ts";
import { version } from "#bin/version.ts";
import { parseEstate } from "#release/estate/estate-parse.ts";

export function registerPublish(program: Command): void {
  program
    .command("publish")
    .description(
      "Publish estate, Lambda code and release templates to the registry, and share the portfolio with the organization.",
    )
    .requiredOption("--estate <file>", "the estate file")
    .option("--dist <directory>", "where a checkout writes its bundles (default: its own dist)")
    .option("--cli <kedge.tgz>", "the packed command line (npm run build), for CIs to download from cli/")
    .action(async (options: { estate: string; dist?: string; cli?: string }) => {
      const estateText = await readText(options.estate);
      const { central, region } = parseEstate(estateText);
      const cli = await packedCli(options.cli); // before bundling, which takes a while
      const { releaseBundles } = await import("#bin/input/release-bundles.ts");
      const { publishableCode } = await import("#bundle/publishable-code.ts");
      const { publishDeps } = await import("#aws/deps-publish.ts");
      const { publish } = await import("#operate/publish.ts");
      const code = publishableCode(await releaseBundles(options.dist));
      await publish(publishDeps(awsConfig(), { central, region }), { estateText, code, ...cli }, print);
    });
}

async function packedCli(file: string | undefined) {
  if (file === undefined) return {};
  const content = await readFile(file).catch(() => undefined);
  if (content === undefined)
    throw new CommandError(`There is no ${file}; npm run build makes dist/kedge-<version>.tgz.`);
  return { cli: { version: version(), read: async () => content } };
}
