/**
 * Reads the calls that the code of each Lambda and of each command can send. A packed CLI carries the table, because it
 * has no sources.
 */
import { functions } from "#release/names/deployed-names.ts";
import { commandDoor, commands } from "./commands.ts";
import { type PortCall, portCalls } from "./port-calls.ts";
import { doorSource } from "./source.ts";

/** The calls by the name of the entry file in `lambdas/`, and by the words of the command (`kedge push`), as JSON. */
export type CallTable = Readonly<Record<string, readonly PortCall[]>>;

/** `root`: the folder of the sources. Loads esbuild. */
export async function readCallTable(root: string): Promise<CallTable> {
  const doors = [
    ...Object.keys(functions).map((door) => [door, `lambdas/${door}.ts`] as const),
    ...Object.entries(commands).map(
      ([words, { file }]) => [commandDoor(words), `bin/commands/${file}.ts`] as const,
    ),
  ];
  const rows = doors.map(async ([door, file]) => [door, portCalls(await doorSource(file, root))] as const);
  return Object.fromEntries(await Promise.all(rows));
}
