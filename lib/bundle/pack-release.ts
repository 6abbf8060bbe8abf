/**
 * Completes a built folder into a release that others can check and install: package.json, documents, a bill of
 * materials, provenance, checksums, and everything as one npm package.
 */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFile, readdir, readFile, rename, writeFile } from "node:fs/promises";
import { basename, join, relative, sep } from "node:path";
import { promisify } from "node:util";

type ReleaseFacts = {
  readonly root: string;
  /** The built folder. Every file of it goes into the package. */
  readonly to: string;
  /** The folder that gets `<name>-<version>.tgz`. */
  readonly packedIn: string;
  readonly program: Program;
  readonly version: string;
  /** The npm scope of the organization that publishes it, e.g. `@acme`. Without a scope the package cannot be published. */
  readonly scope?: string;
};

type Program = {
  /** The name of the package and of its command; `<name>.mjs` is the command's file. */
  readonly name: string;
  readonly description: string;
  /** The range of Node versions, as in `engines`. */
  readonly node: string;
  /** Files of the checkout that are copied into the folder. */
  readonly documents: readonly string[];
  /** The workspace package whose dependencies the bill of materials lists. Absent: the root package. */
  readonly workspace?: string;
};

const sums = "SHA256SUMS";

export async function packRelease(facts: ReleaseFacts): Promise<string> {
  const { root, to, packedIn, program, version } = facts;
  for (const name of program.documents) await copyFile(join(root, name), join(to, basename(name)));
  await writeJson(to, "package.json", packageJson(facts));
  await writeJson(to, "provenance.json", await provenance(facts));
  await writeFile(join(to, "sbom.cdx.json"), await billOfMaterials(root, program.workspace));
  await writeFile(join(to, sums), await checksums(to));
  const [made] = JSON.parse(await npm(to, "pack", "--json", "--ignore-scripts")) as [{ filename: string }];
  const packed = join(packedIn, `${program.name}-${version}.tgz`);
  await rename(join(to, made.filename.replace("@", "").replace("/", "-")), packed);
  return packed;
}

const writeJson = (to: string, name: string, value: unknown): Promise<void> =>
  writeFile(join(to, name), `${JSON.stringify(value, null, 2)}\n`);

/** Without a scope the package is private: the bare name may belong to another party in a public registry. */
const packageJson = ({ version, scope, program: { name, description, node } }: ReleaseFacts): object => ({
  name: scope === undefined ? name : `${scope}/${name}`,
  version,
  description,
  license: "Apache-2.0",
  ...(scope === undefined && { private: true }),
  type: "module",
  engines: { node },
  bin: { [name]: `${name}.mjs` },
});

/** The facts that a rebuild needs to give the same bytes. */
async function provenance({ root, version }: ReleaseFacts): Promise<object> {
  const commit = await git(root, "rev-parse", "HEAD");
  return {
    version,
    ...(commit !== undefined && {
      commit,
      clean: (await git(root, "status", "--porcelain", "--untracked-files=no")) === "",
    }),
    node: process.version,
    lockfile: sha256(await readFile(join(root, "package-lock.json"))),
    command: "npm ci && npm run build",
  };
}

async function git(root: string, ...words: readonly string[]): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)("git", ["-C", root, ...words]);
    return stdout.trim();
  } catch {
    return undefined; // a source archive has no repository
  }
}

/** CycloneDX, as npm writes it. The serial number and the time are left out, so that equal sources give equal bytes. */
async function billOfMaterials(root: string, workspace?: string): Promise<string> {
  const words = ["sbom", "--sbom-format", "cyclonedx", "--omit", "dev", "--package-lock-only"];
  const text = await npm(root, ...words, ...(workspace === undefined ? [] : ["--workspace", workspace]));
  const {
    serialNumber: _serial,
    metadata,
    ...rest
  } = JSON.parse(text) as {
    readonly serialNumber?: string;
    readonly metadata?: { readonly timestamp?: string };
  };
  const { timestamp: _time, ...facts } = metadata ?? {};
  return `${JSON.stringify({ ...rest, metadata: facts }, null, 2)}\n`;
}

/** Windows starts npm by a command file, which only a shell runs. The words are constants. */
async function npm(cwd: string, ...words: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)("npm", words, {
    cwd,
    shell: process.platform === "win32",
    maxBuffer: 64 * 1024 * 1024,
  });
  return stdout;
}

/** In the form of `sha256sum`, which checks them with `sha256sum --check`. */
async function checksums(to: string): Promise<string> {
  const entries = await readdir(to, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((each) => each.isFile())
    .map((each) => relative(to, join(each.parentPath, each.name)).split(sep).join("/"))
    .filter((name) => name !== sums)
    .sort();
  const lines = files.map(async (name) => `${sha256(await readFile(join(to, name)))}  ${name}\n`);
  return (await Promise.all(lines)).join("");
}

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
