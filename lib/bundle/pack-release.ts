/**
 * Completes a build into a release that others can check and install: package.json, documents, a bill of materials,
 * provenance, checksums, and everything as one npm package.
 */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFile, readdir, readFile, rename, writeFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { promisify } from "node:util";

type ReleaseFacts = {
  readonly root: string;
  readonly to: string;
  readonly version: string;
  /** The npm scope of the organization that publishes it, e.g. `@acme`. Without a scope the package cannot be published. */
  readonly scope?: string;
};

const documents = ["LICENSE", "NOTICE", "CHANGELOG.md", "SECURITY.md"];
const sums = "SHA256SUMS";

export async function packRelease(facts: ReleaseFacts): Promise<string> {
  const { root, to } = facts;
  for (const name of documents) await copyFile(join(root, name), join(to, name));
  await writeJson(to, "package.json", packageJson(facts));
  await writeJson(to, "provenance.json", await provenance(facts));
  await writeFile(join(to, "sbom.cdx.json"), await billOfMaterials(root));
  await writeFile(join(to, sums), await checksums(to));
  const [made] = JSON.parse(await npm(to, "pack", "--json", "--ignore-scripts")) as [{ filename: string }];
  const packed = join(to, `kedge-${facts.version}.tgz`);
  await rename(join(to, made.filename.replace("@", "").replace("/", "-")), packed);
  return packed;
}

const writeJson = (to: string, name: string, value: unknown): Promise<void> =>
  writeFile(join(to, name), `${JSON.stringify(value, null, 2)}\n`);

/** Without a scope the package is private: the bare name may belong to another party in a public registry. */
const packageJson = ({ version, scope }: ReleaseFacts): object => ({
  name: scope === undefined ? "kedge" : `${scope}/kedge`,
  version,
  description: "The command line of Kedge: releases what your CI built.",
  license: "Apache-2.0",
  ...(scope === undefined && { private: true }),
  type: "module",
  engines: { node: ">=20" },
  bin: { kedge: "kedge.mjs" },
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
async function billOfMaterials(root: string): Promise<string> {
  const text = await npm(root, "sbom", "--sbom-format", "cyclonedx", "--omit", "dev", "--package-lock-only");
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
