/**
 * Reads the calls that each Lambda's code can send. A packed CLI carries the table, because it has no
 * sources.
 */
import { functions } from "#release/names/deployed-names.ts";
import { type PortCall, portCalls } from "./port-calls.ts";
import { doorSource } from "./source.ts";

/** The calls by the name of the entry file in `lambdas/`, as JSON. */
export type CallTable = Readonly<Record<string, readonly PortCall[]>>;

/** `root`: the folder of the sources. Loads esbuild. */
export async function readCallTable(root: string): Promise<CallTable> {
  const rows = Object.keys(functions).map(
    async (door) => [door, portCalls(await doorSource(`lambdas/${door}.ts`, root))] as const,
  );
  return Object.fromEntries(await Promise.all(rows));
}
