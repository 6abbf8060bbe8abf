/** Packs a sample application as an artifact. */
import { readFile } from "node:fs/promises";
import { packArtifact } from "#bin/input/pack.ts";

export async function example(name: string): Promise<Uint8Array> {
  await using packed = await packArtifact(`examples/${name}`);
  return await readFile(packed.path); // the file is removed when the function returns
}
