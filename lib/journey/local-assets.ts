/** Collects the nested templates and the assets that a template refers to in its artifact. */

import {
  isObject,
  largestTemplate,
  type PlainObject,
  readFragment,
  readTemplate,
  type TemplateDocument,
} from "#release/document/template-document.ts";
import { ReleaseError } from "#release/errors/errors.ts";
import type { AssembledStack } from "#release/stack/assembly.ts";
import { tokenReferences } from "#release/stack/asset-token.ts";
import { localIncludes, withIncludes } from "#release/stack/local-include.ts";
import { archivePath, type LocalReference, localReferences } from "#release/stack/local-reference.ts";
import { withBoundary } from "#release/stack/role-boundary.ts";
import type { ZipEntry } from "#release/zip/zip-entry.ts";
import type { OpenArtifact } from "./open-artifact.ts";

/**
 * Traits are instructions for Kedge and not files of the application: a change of them must not change a code
 * asset.
 */
const traits = /^\.traits\//;

/** A file of the artifact unchanged, or files that are packed as a zip under their own names. */
export type Asset =
  | { readonly type: "file"; readonly entry: ZipEntry }
  | {
      readonly type: "folder";
      readonly files: readonly { readonly name: string; readonly entry: ZipEntry }[];
    };

export type LocalTemplate = {
  readonly path: string;
  readonly document: TemplateDocument;
  readonly assets: readonly { readonly reference: LocalReference; readonly asset: Asset }[];
  readonly nested: readonly { readonly reference: LocalReference; readonly template: LocalTemplate }[];
};

/** Archives that AWS accepts as code. Any other file is packed where AWS expects a zip. */
const archive = /\.(zip|jar|war)$/i;

/** Throws `ReferenceMissing` or `ReferenceMalformed` with the template, the property and the path. */
async function readLocalTemplate(
  artifact: OpenArtifact,
  path: string,
  nested: NonNullable<AssembledStack["nested"]>,
  askedBy: string,
  parents: readonly string[],
): Promise<LocalTemplate> {
  if (parents.includes(path)) {
    const circle = [...parents, path].join(" → ");
    throw new ReleaseError("ReferenceMalformed", `The template ${path} contains itself: ${circle}.`);
  }
  const document = nested[path] ?? readTemplate(await artifact.text(path, askedBy), path);
  return assetsOf(artifact, { path, document, nested }, parents);
}

/** Collects the assets of a template that is already read or generated. */
export async function assetsOf(
  artifact: OpenArtifact,
  { path, document: given, nested: changed = {} }: Pick<AssembledStack, "path" | "document" | "nested">,
  parents: readonly string[] = [],
): Promise<LocalTemplate> {
  const document = withBoundary(await includingFiles(artifact, given, path), path);
  const assets: LocalTemplate["assets"][number][] = [];
  const nested: LocalTemplate["nested"][number][] = [];
  for (const reference of [...localReferences(document), ...tokenReferences(document)]) {
    const target = archivePath(path, reference);
    const where = `${path}: ${reference.at.join(".")}`;
    if (reference.kind === "template") {
      const template = await readLocalTemplate(artifact, target, changed, where, [...parents, path]);
      nested.push({ reference, template });
    } else {
      assets.push({ reference, asset: assetAt(artifact, target, reference, where) });
    }
  }
  return { path, document, assets, nested };
}

/**
 * Throws `TemplateMalformed` if a file has no fields, because only fields can be included, and `TemplateTooLarge`
 * before a file that is included many times fills the memory.
 */
async function includingFiles(
  artifact: OpenArtifact,
  document: TemplateDocument,
  path: string,
): Promise<TemplateDocument> {
  const contents = new Map<string, PlainObject>();
  const sizes = new Map<string, number>();
  let size = 0;
  for (const reference of localIncludes(document)) {
    const target = archivePath(path, reference);
    if (!contents.has(reference.path)) {
      const text = await artifact.text(target, `${path}: ${reference.at.join(".")}`);
      const content = readFragment(text, target);
      if (!isObject(content))
        throw new ReleaseError("TemplateMalformed", `${target} is included and has no fields.`);
      contents.set(reference.path, content);
      sizes.set(reference.path, text.length);
    }
    size += sizes.get(reference.path) ?? 0;
    if (size > largestTemplate) {
      const seen = `${path} includes more than ${largestTemplate} characters, and no more are allowed.`;
      throw new ReleaseError("TemplateTooLarge", seen);
    }
  }
  return contents.size === 0 ? document : withIncludes(document, contents);
}

function assetAt(
  artifact: OpenArtifact,
  path: string,
  { kind, path: written }: LocalReference,
  where: string,
): Asset {
  const entry = artifact.file(path);
  if (entry !== undefined) {
    const asItIs = kind === "file" || archive.test(path);
    return asItIs
      ? { type: "file", entry }
      : { type: "folder", files: [{ name: path.slice(path.lastIndexOf("/") + 1), entry }] };
  }
  const folder = path === "" ? "" : `${path}/`;
  const files = artifact.files
    .filter(({ name }) => name.startsWith(folder) && !traits.test(name))
    .map((file) => ({ name: file.name.slice(folder.length), entry: file }));
  if (files.length > 0) return { type: "folder", files };
  const seen = `${where} is ${JSON.stringify(written)}; the artifact has neither a file nor a folder ${JSON.stringify(path)}.`;
  throw new ReleaseError("ReferenceMissing", seen);
}

/** The zip entries of all assets, without duplicates. */
export function entriesOf({ assets, nested }: LocalTemplate): ReadonlySet<ZipEntry> {
  const own = assets.flatMap(({ asset }) =>
    asset.type === "file" ? [asset.entry] : asset.files.map(({ entry }) => entry),
  );
  return new Set([...own, ...nested.flatMap(({ template }) => [...entriesOf(template)])]);
}
