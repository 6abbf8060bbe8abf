/** Finds and reads the estate file of a command, from its option or from $KEDGE_ESTATE. */
import { readFile } from "node:fs/promises";
import { CommandError } from "#bin/show/outcome.ts";
import type { Estate } from "#release/estate/estate.ts";
import { parseEstate } from "#release/estate/estate-parse.ts";

/** Undefined where neither names a file. */
export async function estateIfNamed(option: string | undefined): Promise<Estate | undefined> {
  const file = option ?? process.env["KEDGE_ESTATE"];
  return file === undefined ? undefined : readEstate(file);
}

/** `purpose` ends the error's sentence: the reason why the command needs the estate. */
export async function requiredEstate(option: string | undefined, purpose: string): Promise<Estate> {
  const estate = await estateIfNamed(option);
  if (estate !== undefined) return estate;
  throw new CommandError(`No estate file: pass --estate or set KEDGE_ESTATE; it says which ${purpose}.`);
}

/** Throws `ReleaseError` with line and column of every mistake. */
export const readEstate = async (file: string): Promise<Estate> => parseEstate(await readText(file));

export async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    throw new CommandError(
      `Cannot read ${file}: ${cause instanceof Error ? cause.message : String(cause)}`,
      undefined,
      { cause },
    );
  }
}
