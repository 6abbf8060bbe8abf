/** The CDK app of the central account, as cdk.json runs it. The estate is the file KEDGE_ESTATE names. */
import { readFile } from "node:fs/promises";
import { bundleAll } from "#bundle/bundle.ts";
import { synthesizeControlPlane } from "#deploy/synthesize.ts";
import { parseEstate } from "#release/estate/estate-parse.ts";

const estate = parseEstate(await readFile(process.env["KEDGE_ESTATE"] ?? "examples/estate.yml", "utf8"));
synthesizeControlPlane({
  estate,
  bundles: await bundleAll(),
  outdir: process.env["CDK_OUTDIR"] ?? "cdk.out",
});
