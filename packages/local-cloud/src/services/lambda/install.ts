/**
 * Unpacks the code of functions into the cloud's scratch directory, each zip once. It merges layers into one
 * `/opt`.
 */
import { createHash, randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Blobs } from "#cloud/kernel/blobs.ts";
import { unzip } from "#cloud/lambda-runtime/unzip.ts";
import { UNZIPPED_LIMIT } from "./read-code.ts";
import type { Code } from "./state.ts";

type Installer = {
  readonly code: (code: Code) => Promise<string>;
  /** Returns `undefined` without layers. Later layers overwrite earlier layers. */
  readonly layers: (layers: readonly Code[]) => Promise<string | undefined>;
};

export function createInstaller(blobs: Blobs, scratch: string): Installer {
  const underway = new Map<string, Promise<string>>();
  const install = (kind: string, codes: readonly Code[]): Promise<string> => {
    const name = createHash("sha256")
      .update(codes.map(({ sha256 }) => sha256).join("\n"))
      .digest("hex");
    const directory = join(scratch, "lambda", kind, name);
    const known = underway.get(directory);
    if (known !== undefined) return known;
    const work = (async () => {
      if (existsSync(directory)) return directory;
      const partial = `${directory}.${randomUUID()}`;
      for (const { blob } of codes) await unzip(await blobs.bytes(blob), partial, UNZIPPED_LIMIT);
      await rename(partial, directory).catch(async (error: NodeJS.ErrnoException) => {
        // Another account's function with the same code was unpacked at the same time.
        if (error.code !== "ENOTEMPTY" && error.code !== "EEXIST") throw error;
        await rm(partial, { recursive: true, force: true });
      });
      return directory;
    })();
    underway.set(directory, work);
    void work.catch(() => underway.delete(directory));
    return work;
  };
  return {
    code: (code) => install("code", [code]),
    layers: async (layers) => (layers.length === 0 ? undefined : install("opt", layers)),
  };
}
