/**
 * Writes the templates that other accounts get into a folder, for stack sets and for readers:
 * `node bin/anchor.ts [folder]`, by default dist/products.
 */
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { anchorStack } from "#anchor/anchor-stack.ts";
import { anchorRegionStack, targetRegionStack } from "#anchor/regional-stacks.ts";
import { targetStack } from "#anchor/target-stack.ts";
import { bundleAll } from "#bundle/bundle.ts";
import { renderTemplate } from "#constructs/render.ts";
import { lambdasOf, synthesizeLaunchRoles } from "#deploy/synthesize.ts";
import { parseEstate } from "#release/estate/estate-parse.ts";

const folder = process.argv[2] ?? join("dist", "products");
const estate = parseEstate(await readFile(process.env["KEDGE_ESTATE"] ?? "examples/estate.yml", "utf8"));
const {
  reconcile,
  observe,
  package: packages,
  prepare,
  execute,
  smoke,
  sweep,
  verify,
  call,
  site,
} = lambdasOf(await bundleAll());
const code = {
  reconcile: reconcile.digest,
  observe: observe.digest,
  package: packages.digest,
  prepare: prepare.digest,
  execute: execute.digest,
  smoke: smoke.digest,
  sweep: sweep.digest,
  verify: verify.digest,
  call: call.digest,
  site: site.digest,
};
const work = await mkdtemp(join(tmpdir(), "kedge-products-"));
const templates = {
  "kedge-anchor.json": renderTemplate((app) => anchorStack(app, { code }), join(work, "anchor")),
  "kedge-target.json": renderTemplate(targetStack, join(work, "target")),
  "kedge-anchor-region.json": renderTemplate(anchorRegionStack, join(work, "anchor-region")),
  "kedge-target-region.json": renderTemplate(targetRegionStack, join(work, "target-region")),
  "kedge-launch-roles.json": synthesizeLaunchRoles(estate.central, join(work, "launch-roles")),
};
await rm(work, { recursive: true });
await mkdir(folder, { recursive: true });
for (const [name, text] of Object.entries(templates)) {
  await writeFile(join(folder, name), text);
  console.log(join(folder, name));
}
