/**
 * Looks at an artifact and says how it would be deployed, from a few ranges of it: its end, its directory where that is
 * not in the end, and the files that say what it is.
 */
import { type Chosen, chooseTemplate, type ReadFiles } from "./choose-template.ts";
import { entryReader } from "./entry-reader.ts";
import { ReleaseError } from "./errors.ts";
import type { Limits } from "./estate.ts";
import type { Manifest } from "./manifest.ts";
import { readManifest } from "./manifest-read.ts";
import type { RangeReader } from "./range-reader.ts";
import type { LoadedTemplate } from "./template.ts";
import { noTraits } from "./traits.ts";
import { readZipDirectory } from "./zip-directory.ts";
import type { ZipEntry } from "./zip-entry.ts";

export type Inspection = {
  /** The one template that fits. */
  readonly template: LoadedTemplate;
  /** Why it fits, and why each other does not. */
  readonly reasons: readonly string[];
  readonly manifest: Manifest;
  readonly entries: readonly ZipEntry[];
};

export type InspectRequest = {
  readonly reader: RangeReader;
  readonly templates: readonly LoadedTemplate[];
  /** All environments of the anchor. */
  readonly environments: readonly string[];
  readonly limits: Limits;
};

/** Throws the `ReleaseError` that says what is wrong with the artifact. */
export async function inspectArtifact(request: InspectRequest): Promise<Inspection> {
  const { reader, templates, environments, limits } = request;
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
  const chosen: Chosen = await chooseTemplate(names, templates, read);
  const { loaded, evidence, reasons } = chosen;
  const described = loaded.template.describe?.(evidence) ?? {};
  const traits = noTraits;
  return {
    template: loaded,
    reasons,
    entries: directory.entries,
    manifest: readManifest({ names, entry: evidence.path, described, traits, environments }),
  };
}
