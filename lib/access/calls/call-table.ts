/** The calls that each Lambda's code can send, read from the sources once. A packed command line carries the table with it. */
import { functions } from "#release/names/deployed-names.ts";
import { type PortCall, portCalls } from "./port-calls.ts";
import { doorSource } from "./source.ts";

/** By the door's name in `lambdas/`; JSON. */
export type CallTable = Readonly<Record<string, readonly PortCall[]>>;

/** `root`: the folder of the sources. Loads esbuild. */
export async function readCallTable(root: string): Promise<CallTable> {
  const rows = Object.keys(functions).map(
    async (door) => [door, portCalls(await doorSource(`lambdas/${door}.ts`, root))] as const,
  );
  return Object.fromEntries(await Promise.all(rows));
}
