/**
 * Puts recorded tools on a build's PATH: stand-ins for programs that would need a service this cloud does
 * not have. They come first, so that a build has the same result on every machine. `RECORDED_TOOLS=off`
 * leaves them out.
 */
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { siblingFile } from "#cloud/kernel/sibling-file.ts";
import type { Environment } from "./shell.ts";

const tools: Readonly<Record<string, URL>> = {
  helm: siblingFile("tools/helm.ts", import.meta.url),
  kubectl: siblingFile("tools/kubectl.ts", import.meta.url),
  terraform: siblingFile("tools/terraform.ts", import.meta.url),
};

/** Only `aws eks` is recorded. The machine's own AWS CLI runs every other command. */
const awsEks = siblingFile("tools/aws-eks.ts", import.meta.url);

export async function withRecordedTools(environment: Environment, scratch: string): Promise<Environment> {
  if (environment["RECORDED_TOOLS"] === "off") return environment;
  const folder = await toolsFolder(scratch);
  return { ...environment, PATH: [folder, environment["PATH"] ?? ""].join(delimiter) };
}

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

const commandOf = (file: URL): string => [process.execPath, fileURLToPath(file)].map(quoted).join(" ");

async function toolsFolder(scratch: string): Promise<string> {
  const folder = join(scratch, "tools");
  if (existsSync(folder)) return folder;
  await mkdir(scratch, { recursive: true });
  const made = await mkdtemp(join(scratch, "tools-"));
  const write = (name: string, script: string): Promise<void> =>
    writeFile(join(made, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  for (const [name, file] of Object.entries(tools)) await write(name, `exec ${commandOf(file)} "$@"`);
  const others = `PATH="\${PATH#${folder}${delimiter}}"; exec aws "$@"`;
  await write("aws", `if [ "$1" = eks ]; then exec ${commandOf(awsEks)} "$@"; fi\n${others}`);
  // Another build may have made the folder meanwhile. The rename keeps half a folder invisible.
  await rename(made, folder).catch(() => rm(made, { recursive: true, force: true }));
  return folder;
}
