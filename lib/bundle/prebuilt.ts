/**
 * Reads the output of a build from its folder: Lambdas, release templates, and the table of the Lambdas'
 * calls.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { CallTable } from "#access/calls/call-table.ts";
import type { Bundles } from "./bundle.ts";

export const callTableFile = "access-calls.json";

const readJson = async <Value>(...path: readonly string[]): Promise<Value> =>
  JSON.parse(await readFile(join(...path), "utf8")) as Value;

export const prebuiltCallTable = (folder: string): Promise<CallTable> => readJson(folder, callTableFile);

export async function prebuiltBundles(folder: string): Promise<Bundles> {
  const digests = await readJson<Record<string, string>>(folder, "lambdas", "manifest.json");
  const { templates } = await readJson<{
    readonly templates: readonly {
      readonly name: string;
      readonly version: string;
      readonly sha256: string;
    }[];
  }>(folder, "templates", "index.json");
  return {
    lambdas: Object.fromEntries(
      Object.entries(digests).map(([name, digest]) => [
        name,
        { digest, zip: join(folder, "lambdas", `${name}.zip`) },
      ]),
    ),
    templates: templates.map((ref) => ({
      ...ref,
      file: join(folder, "templates", ref.name, ref.version, `${ref.sha256}.mjs`),
    })),
  };
}
