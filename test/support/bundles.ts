/**
 * The Lambdas and release templates of this checkout, bundled once for all estates of a test run. Bundling
 * takes 25 seconds of processor time, and a dozen estates boot in a run.
 */
import { join } from "node:path";
import { type Bundles, bundleAll } from "#bundle/bundle.ts";
import { prebuiltBundles } from "#bundle/prebuilt.ts";
import { once } from "./once.ts";

/** `runFolder` is the folder that the workers of a run share. Returns the folder of the bundles. */
export const bundlesFolder = (runFolder: string): Promise<string> => {
  const folder = join(runFolder, "dist");
  return once(folder, () => bundleAll(folder));
};

export const runBundles = async (runFolder: string): Promise<Bundles> =>
  prebuiltBundles(await bundlesFolder(runFolder));
