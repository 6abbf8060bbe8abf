/** Opens the estate that simulated runs begin with. It is booted once for all tests of a run. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { deserialize, serialize } from "node:v8";
import { inject } from "vitest";
import { runBundles } from "#test/support/bundles.ts";
import { once } from "#test/support/once.ts";
import { type Base, bootBase } from "./base.ts";
import { openWorkshop, type Workshop } from "./cloud.ts";

export async function testWorkshop(): Promise<Workshop> {
  const runFolder = inject("runFolder");
  const file = join(runFolder, "simulation-base");
  await once(file, async () => {
    const base = await bootBase("examples/estate.yml", await runBundles(runFolder));
    await writeFile(file, serialize(base));
  });
  return openWorkshop(deserialize(await readFile(file)) as Base);
}
