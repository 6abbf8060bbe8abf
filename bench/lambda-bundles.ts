/**
 * Builds the Lambda bundles as they are published, and for each of them a bundle with its AWS clients alone.
 */
import { readdir, stat, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { build, type Metafile } from "esbuild";
import { lambdaBuild } from "#bundle/bundle-lambdas.ts";

export const root = join(import.meta.dirname, "..");

export type MeasuredBundle = {
  readonly name: string;
  /** The module that Lambda loads. */
  readonly entry: string;
  /** The bytes that load with it. Chunks that are imported later do not count. */
  readonly bytes: number;
  readonly metafile: Metafile;
};

export async function lambdaNames(): Promise<readonly string[]> {
  const doors = (await readdir(join(root, "lambdas"))).filter((file) => file.endsWith(".ts"));
  return doors.map((door) => basename(door, ".ts")).sort();
}

export const bundleDoor = (name: string, work: string): Promise<MeasuredBundle> =>
  bundle(name, join(root, "lambdas", `${name}.ts`), join(work, name));

/** Bundles only the client classes in the Lambda's bundle, made as the Lambda makes them. */
export async function bundleClients(
  { name, metafile }: MeasuredBundle,
  work: string,
): Promise<MeasuredBundle> {
  const source = join(work, `${name}-clients.mjs`);
  const packages = clientPackages(metafile);
  const clients = await Promise.all(packages.map(async (pkg) => ({ pkg, client: await clientClass(pkg) })));
  const lines = clients.map(({ pkg, client }) => `import { ${client} } from ${JSON.stringify(pkg)};`);
  const made = clients.map(({ client }) => `new ${client}({ region: process.env.AWS_REGION })`);
  await writeFile(source, `${lines.join("\n")}\nexport const clients = [${made.join(", ")}];\n`);
  return bundle(`${name}-clients`, source, join(work, `${name}-clients`));
}

async function bundle(name: string, door: string, folder: string): Promise<MeasuredBundle> {
  const { metafile } = await build({
    ...lambdaBuild(door, folder),
    absWorkingDir: root,
    nodePaths: [join(root, "node_modules")],
    metafile: true,
  });
  const entry = join(folder, "index.mjs");
  const eager = eagerOutputs(metafile, "index.mjs");
  const sizes = await Promise.all(eager.map(async (file) => (await stat(join(root, file))).size));
  return { name, entry, bytes: sizes.reduce((sum, size) => sum + size, 0), metafile };
}

/** The output files that load before the entry has run. It imports them without `import()`. */
function eagerOutputs({ outputs }: Metafile, entry: string): readonly string[] {
  const found = new Set(Object.keys(outputs).filter((file) => basename(file) === entry));
  for (const file of found) {
    for (const { path, kind, external } of outputs[file]?.imports ?? []) {
      if (kind === "import-statement" && !external) found.add(path);
    }
  }
  return [...found];
}

function clientPackages({ outputs }: Metafile): readonly string[] {
  const inputs = Object.values(outputs).flatMap((output) =>
    Object.entries(output.inputs)
      .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
      .map(([path]) => path),
  );
  const packages = inputs.flatMap(
    (path) => path.match(/node_modules\/(@aws-sdk\/client-[a-z0-9-]+)\//)?.[1] ?? [],
  );
  return [...new Set(packages)].sort();
}

async function clientClass(pkg: string): Promise<string> {
  const names = Object.keys((await import(pkg)) as object);
  return names.find((name) => name.endsWith("Client") && name !== "__Client") ?? "";
}
