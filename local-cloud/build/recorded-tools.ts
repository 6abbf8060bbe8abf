/**
 * Programs a build may call that would work on what this cloud does not have: their recorded stand-ins, as a folder for
 * the PATH. They stand first, so that a build comes out alike on every machine; `RECORDED_TOOLS=off` leaves them out.
 */
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Environment } from "./shell.ts";

const tools: Readonly<Record<string, URL>> = {
  terraform: new URL("./tools/terraform.ts", import.meta.url),
};

export async function withRecordedTools(environment: Environment, scratch: string): Promise<Environment> {
  if (environment["RECORDED_TOOLS"] === "off") return environment;
  const folder = await toolsFolder(scratch);
  return { ...environment, PATH: [folder, environment["PATH"] ?? ""].join(delimiter) };
}

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

async function toolsFolder(scratch: string): Promise<string> {
  const folder = join(scratch, "tools");
  if (existsSync(folder)) return folder;
  await mkdir(scratch, { recursive: true });
  const made = await mkdtemp(join(scratch, "tools-"));
  for (const [name, file] of Object.entries(tools)) {
    const command = [process.execPath, fileURLToPath(file)].map(quoted).join(" ");
    await writeFile(join(made, name), `#!/bin/sh\nexec ${command} "$@"\n`, { mode: 0o755 });
  }
  // Another build may have made it meanwhile; nobody ever sees half of it.
  await rename(made, folder).catch(() => rm(made, { recursive: true, force: true }));
  return folder;
}
