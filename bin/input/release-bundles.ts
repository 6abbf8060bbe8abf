/** The Lambdas and release templates to publish: a packed command line has them built, a checkout builds them. */
import type { Bundles } from "#bundle/bundle.ts";
import { prebuiltBundles } from "#bundle/prebuilt.ts";
import { packedFolder } from "./packed-folder.ts";

export async function releaseBundles(dist?: string): Promise<Bundles> {
  const packed = packedFolder();
  if (packed !== undefined) return prebuiltBundles(packed);
  const { bundleAll } = await import("#bundle/bundle.ts"); // loads esbuild
  return bundleAll(dist);
}
