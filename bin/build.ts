/** `npm run build`: fills dist/ with the packed command line, the Lambdas, the release templates and the embedded AWS. */
import { join, resolve } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { buildRelease } from "#bundle/build-release.ts";
import { print } from "./show/print.ts";

const scoped = (text: string): string => {
  if (/^@[a-z0-9-][a-z0-9._-]*$/.test(text)) return text;
  throw new InvalidArgumentError("Expected an npm scope such as @acme.");
};

const options = new Command("build")
  .description(
    "Build the command line, the Lambdas, the release templates and the embedded AWS into one folder.",
  )
  .option("--scope <@scope>", "npm scope of your organization, to publish the packages under", scoped)
  .option("--to <folder>", "folder to fill; it is emptied first", "dist")
  .parse()
  .opts<{ scope?: string; to: string }>();
const root = join(import.meta.dirname, "..");
const { scope, to } = options;
await buildRelease({ root, to: resolve(to), onStep: print, ...(scope !== undefined && { scope }) });
