/**
 * Inspects an artifact and reports how Kedge would deploy it. It reads a few ranges: the end of the zip, its
 * directory if that lies before them, and the files that identify the artifact.
 */

import type { Manifest } from "#release/artifact/manifest.ts";
import { readManifest } from "#release/artifact/manifest-read.ts";
import { ReleaseError } from "#release/errors/errors.ts";
import { isTraitsFile, traitsPaths } from "#release/traits/traits-files.ts";
import { type ReadTraits, readTraits, type SettingsTrees } from "#release/traits/traits-read.ts";
import { entryReader } from "#release/zip/entry-reader.ts";
import type { Limits } from "#release/zip/limits.ts";
import type { RangeReader } from "#release/zip/range-reader.ts";
import { readZipDirectory } from "#release/zip/zip-directory.ts";
import type { ZipEntry } from "#release/zip/zip-entry.ts";
import { type ChoiceReason, candidatePaths, type ReadFiles } from "./choose-template.ts";
import { selectTemplate, type TemplateOffer } from "./select-template.ts";
import type { LoadedTemplate } from "./template.ts";

export type Inspection = {
  /** The one template that fits. */
  readonly template: LoadedTemplate;
  /** The reasons for this template, and the reasons against each other template. */
  readonly reasons: readonly ChoiceReason[];
  readonly manifest: Manifest;
  /** As they stand in the artifact's files. */
  readonly settings: SettingsTrees;
  readonly entries: readonly ZipEntry[];
};

export type InspectRequest = TemplateOffer & {
  readonly reader: RangeReader;
  /** All names of the anchor's environments. Without an estate every name is accepted. */
  readonly environments?: readonly string[];
  readonly limits: Limits;
};

/** Throws the `ReleaseError` that names the defect of the artifact. */
export async function inspectArtifact(request: InspectRequest): Promise<Inspection> {
  const { reader, environments, limits } = request;
  if (reader.size > limits.artifactBytes) {
    const seen = `The artifact has ${reader.size} bytes; ${limits.artifactBytes} are allowed.`;
    throw new ReleaseError("ArtifactTooLarge", seen);
  }
  const directory = await readZipDirectory(reader, limits);
  const files = directory.entries.filter(({ folder }) => !folder);
  const byName = new Map(files.map((file) => [file.name, file]));
  const names = files.map(({ name }) => name);
  const readEntries = entryReader(reader, directory);
  const read: ReadFiles = (paths) => readEntries(paths.flatMap((path) => byName.get(path) ?? []));
  const { traits, settings } = await traitsIn(names, read, request);
  const signs = names.filter((name) => !isTraitsFile(name));
  const { loaded, evidence, reasons } = await selectTemplate(signs, request, read, traits);
  const described = loaded.template.describe?.(evidence, { environments: environments ?? [] }) ?? {};
  return {
    template: loaded,
    reasons,
    settings,
    entries: directory.entries,
    manifest: readManifest({
      names,
      entry: evidence.path,
      described,
      traits,
      ...(environments && { environments }),
    }),
  };
}

/** Files that do not exist cost no call, and files close to other needed files cost no further call. */
async function traitsIn(
  names: readonly string[],
  read: ReadFiles,
  { templates, environments }: InspectRequest,
): Promise<ReadTraits> {
  const paths = traitsPaths(names);
  const own = Object.values(paths);
  if (own.length === 0) return readTraits(paths, new Map(), environments);
  // the reader that needs them reports the failure
  await read([...own, ...candidatePaths(names, templates)]).catch(() => undefined);
  return readTraits(paths, await readTexts(own, read), environments);
}

async function readTexts(paths: readonly string[], read: ReadFiles): Promise<ReadonlyMap<string, string>> {
  try {
    return await read(paths);
  } catch (error) {
    if (!(error instanceof ReleaseError) || !/^Template(Malformed|TooLarge)$/.test(error.code)) throw error;
    throw new ReleaseError("TraitsMalformed", error.message, error);
  }
}
