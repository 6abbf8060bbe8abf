/**
 * Looks at an artifact and says how it would be deployed, from at most three ranges of it: its end, its directory where
 * that is not in the end, and the one template.
 */
import { ReleaseError } from "./errors.ts";
import type { Limits } from "./estate.ts";
import type { Manifest } from "./manifest.ts";
import { readManifest } from "./manifest-read.ts";
import type { RangeReader } from "./range-reader.ts";
import type { EntryRule, Evidence, LoadedTemplate } from "./template.ts";
import { largestTemplate, readTemplate, type TemplateDocument } from "./template-document.ts";
import { readZipDirectory, type ZipDirectory } from "./zip-directory.ts";
import { entryContent, entryRange, type ZipEntry } from "./zip-entry.ts";

export type Inspection = {
  /** The one template that fits. */
  readonly template: LoadedTemplate;
  /** Why it fits, and why each other does not. */
  readonly reasons: readonly string[];
  readonly manifest: Manifest;
  readonly document: TemplateDocument;
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
  const names = files.map(({ name }) => name);
  const entry = chooseEntry(files, templates);
  const path = entry.name;
  const document = readTemplate(decode(await contentOf(reader, directory, entry), path), path);
  const { template, reasons } = chooseTemplate({ names, path, document }, templates);
  return {
    template,
    reasons,
    document,
    entries: directory.entries,
    manifest: readManifest(names, path, document, environments),
  };
}

/** The entry of the lowest rank among all templates' tables. Two of the same rank are the uploader's to sort out. */
function chooseEntry(files: readonly ZipEntry[], templates: readonly LoadedTemplate[]): ZipEntry {
  const rules = templates.flatMap(({ template }) => template.entries);
  const ranked = files.flatMap((file) => {
    const rank = Math.min(...rules.filter(({ matches }) => matches.test(file.name)).map(({ rank }) => rank));
    return Number.isFinite(rank) ? [{ file, rank }] : [];
  });
  const lowest = ranked.reduce((least, { rank }) => Math.min(least, rank), Number.POSITIVE_INFINITY);
  const [first, ...others] = ranked.filter(({ rank }) => rank === lowest).map(({ file }) => file);
  if (first === undefined) {
    throw new ReleaseError("NoTemplateFits", `None of ${listed(files)} is ${nouns(rules)}.`);
  }
  if (others.length > 0) {
    const found = `${others.length + 1} templates: ${listed([first, ...others])}`;
    throw new ReleaseError("SeveralTemplatesFit", `The artifact has ${found}.`);
  }
  return first;
}

function chooseTemplate(evidence: Evidence, templates: readonly LoadedTemplate[]) {
  const verdicts = templates.map((loaded) => ({ loaded, ...loaded.template.detect(evidence) }));
  const reasons = verdicts.map(
    ({ loaded, fits, reason }) => `${loaded.template.name} ${fits ? "fits" : "does not fit"}: ${reason}`,
  );
  const [fitting, ...others] = verdicts.filter(({ fits }) => fits);
  if (fitting === undefined)
    throw new ReleaseError("NoTemplateFits", `${evidence.path} was read. ${reasons.join(" ")}`);
  if (others.length > 0)
    throw new ReleaseError("SeveralTemplatesFit", `${evidence.path} was read. ${reasons.join(" ")}`);
  return { template: fitting.loaded, reasons };
}

/** From the bytes that were read already, where they hold the entry; else the third and last range. */
async function contentOf(reader: RangeReader, { tail }: ZipDirectory, entry: ZipEntry): Promise<Uint8Array> {
  if (entry.size > largestTemplate) {
    throw new ReleaseError(
      "TemplateTooLarge",
      `${entry.name} has ${entry.size} bytes; ${largestTemplate} are allowed.`,
    );
  }
  const { start, end } = entryRange(entry);
  const held = start >= tail.start;
  return entryContent(
    entry,
    held ? tail.bytes.subarray(start - tail.start, end - tail.start) : await reader.read(start, end),
  );
}

function decode(bytes: Uint8Array, path: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    throw new ReleaseError("TemplateMalformed", `${path} is not UTF-8 text.`, error);
  }
}

function listed(files: readonly ZipEntry[]): string {
  if (files.length === 0) return "no files";
  const shown = files.slice(0, 10).map(({ name }) => JSON.stringify(name));
  return files.length > 10 ? `${shown.join(", ")} and ${files.length - 10} more` : shown.join(", ");
}

const nouns = (rules: readonly EntryRule[]): string =>
  [...new Set(rules.map(({ means }) => means))].join(" or ");
