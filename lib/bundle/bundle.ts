/** Everything the product publishes, made from its sources: `node lib/bundle/bundle.ts` fills dist/. */
import { join } from "node:path";
import { bundleLambdas, type LambdaBundle } from "./bundle-lambdas.ts";
import { bundleTemplates, type TemplateBundle } from "./bundle-templates.ts";

export type Bundles = {
  readonly lambdas: Readonly<Record<string, LambdaBundle>>;
  readonly templates: readonly TemplateBundle[];
};

/** The sources are this checkout's, from whichever folder the command is run. */
const root = join(import.meta.dirname, "..", "..");

export async function bundleAll(to = join(root, "dist")): Promise<Bundles> {
  const lambdas = await bundleLambdas(join(to, "lambdas"), join(root, "lambdas"));
  const templates = await bundleTemplates(join(to, "templates"), join(root, "release-templates"));
  return { lambdas, templates };
}

if (import.meta.main) {
  const { lambdas, templates } = await bundleAll();
  for (const [name, { digest }] of Object.entries(lambdas))
    console.log(`lambda    ${name.padEnd(16)} ${digest}`);
  for (const { name, version, sha256 } of templates) {
    console.log(`template  ${`${name} ${version}`.padEnd(16)} ${sha256}`);
  }
}
