/** Collects the artifact's migrations in their order as one document, for environments with migrations. */

import type { Artifacts } from "#ports/artifacts.ts";
import { type Migration, migrationFiles, migrationOf, migrationsFile } from "#release/artifact/migrations.ts";
import { ReleaseError } from "#release/errors/errors.ts";
import type { Release } from "#release/plan/release.ts";
import { migrationFolder } from "#release/traits/migration-traits.ts";
import type { ZipContent } from "#release/zip/zip-write.ts";
import { artifactFiles } from "./artifact-files.ts";
import type { OpenArtifact } from "./open-artifact.ts";

/**
 * A function gets one migration per call. A Lambda payload is limited to 6 MB of JSON (Lambda Developer
 * Guide, "Lambda quotas").
 */
const largest = 1024 * 1024;

export async function migrationDocuments(
  artifacts: Pick<Artifacts, "reader">,
  artifact: OpenArtifact,
  { manifest }: Pick<Release, "manifest">,
): Promise<readonly ZipContent[]> {
  const folder = migrationFolder(manifest.traits);
  if (folder === undefined) return [];
  const names = artifact.files.map(({ name }) => name);
  const wanted = migrationFiles(names, folder);
  const entries = wanted.flatMap(({ path }) => artifact.file(path) ?? []);
  const large = entries.find(({ size }) => size > largest);
  if (large !== undefined) {
    const seen = `${large.name} has ${large.size} bytes; ${largest} are allowed in one migration.`;
    throw new ReleaseError("MigrationsMalformed", seen);
  }
  const rejection = { code: "ArtifactTooLarge", what: "The migrations" } as const;
  const contents = await artifactFiles(artifacts, artifact, entries, (path) => path, rejection);
  const migrations: readonly Migration[] = wanted.map((file, index) =>
    migrationOf(file, textOf(contents[index])),
  );
  return [{ name: migrationsFile, content: JSON.stringify(migrations) }];
}

function textOf(file: ZipContent | undefined): string {
  const { name = "", content = "" } = file ?? {};
  if (typeof content === "string") return content;
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(content);
  } catch (error) {
    throw new ReleaseError("MigrationsMalformed", `${name} is not UTF-8 text.`, error);
  }
}
