/**
 * Builds the release that an estate on a laptop publishes: Lambdas and release templates before the boot, and the packed command
 * line while it boots, because CIs download the command line from the artifact bucket.
 */
import { access, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { publishDeps } from "#aws/deps-publish.ts";
import type { Bundles } from "#bundle/bundle.ts";
import { prebuiltBundles } from "#bundle/prebuilt.ts";
import { sha256Hex } from "#release/names/digest.ts";
import type { BootedEstate } from "./boot.ts";
import { configFor } from "./clients.ts";

const root = join(import.meta.dirname, "..", "..");

type LocalRelease = AsyncDisposable & {
  readonly bundles: Bundles;
  /** The packed command line. Undefined where the folder of a build has none. */
  readonly packed: Promise<string | undefined>;
};

/** `built`: the folder of a build (npm run build); without it, the sources are built into a temporary folder. */
export async function localRelease(version: string, built?: string): Promise<LocalRelease> {
  if (built !== undefined) {
    const packed = fileAt(join(built, `kedge-${version}.tgz`));
    return { bundles: await prebuiltBundles(built), packed, [Symbol.asyncDispose]: async () => undefined };
  }
  const { bundleReleased, packCli } = await import("#bundle/build-release.ts"); // loads esbuild
  const to = await mkdtemp(join(tmpdir(), "kedge-local-"));
  const bundles = await bundleReleased(to);
  const packed = packCli({ root, to }).then((made) => made.packed);
  packed.catch(() => undefined); // it is awaited after the boot, which takes longer
  return { bundles, packed, [Symbol.asyncDispose]: () => rm(to, { recursive: true, force: true }) };
}

const fileAt = (path: string): Promise<string | undefined> =>
  access(path).then(
    () => path,
    () => undefined,
  );

/**
 * A published version keeps its bytes, and a checkout changes between two starts. So the version has the digest of the
 * packed file.
 */
export async function publishCli(
  { endpoint, region, adminSecret, estate: { central } }: BootedEstate,
  version: string,
  packed: string,
): Promise<void> {
  const bytes = await readFile(packed);
  const { cli } = publishDeps(configFor(endpoint, region, central, adminSecret), { central, region });
  await cli.put(`${version}-local.${sha256Hex(bytes).slice(0, 12)}`, bytes);
}
