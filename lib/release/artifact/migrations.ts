/**
 * Reads the database migrations of an artifact: it recognises the files, orders them by version, finds the
 * irreversible ones, and defines the document that carries them from action to action.
 */

import { valueTree } from "#release/document/node-tree.ts";
import { flag, listOf, object, readShape, text } from "#release/document/shape.ts";
import { ReleaseError } from "#release/errors/errors.ts";
import { sha256Hex } from "#release/names/digest.ts";

type MigrationFile = {
  /**
   * The version is the identity: `2.1` of `V2_1__create.sql`. A file that keeps its version and gets another
   * name is the same migration.
   */
  readonly version: string;
  /** Its name without the ending. */
  readonly id: string;
  readonly path: string;
  /** Other migrations of the folder have a counterpart that undoes them; this migration has none. */
  readonly oneWay: boolean;
};

export type Migration = Pick<MigrationFile, "version" | "id"> & {
  /** SHA-256; how lines end does not count. */
  readonly checksum: string;
  readonly irreversible: boolean;
  readonly sql: string;
};

const styles = [
  { name: "V1__name.sql", matches: /^(?<way>[VU])(?<version>\d+(?:[._]\d+)*)__.+\.sql$/, undo: "U" },
  { name: "1_name.up.sql", matches: /^(?<version>\d+)_.+\.(?<way>up|down)\.sql$/, undo: "down" },
  { name: "1_name.sql", matches: /^(?<version>\d+)_.+\.sql$/, undo: "" },
] as const;

type Style = (typeof styles)[number];
type Named = {
  readonly style: Style;
  readonly version: string;
  readonly undoes: boolean;
  readonly path: string;
};

/** Files that may lie beside them. */
const alongside = /^(\..*|README(\..*)?)$/i;

/** In the order they run. Throws `MigrationsMalformed`, naming the files. */
export function migrationFiles(names: readonly string[], folder: string): readonly MigrationFile[] {
  const home = `${folder}/`;
  const files = names.filter((name) => name.startsWith(home) && !alongside.test(name.slice(home.length)));
  if (files.length === 0) throw malformed(`The artifact has no migrations in ${home}.`);
  const read = files.map((path) => named(path, path.slice(home.length)));
  const [first] = read;
  const other = read.find(({ style }) => style !== first?.style);
  if (first !== undefined && other !== undefined) {
    const seen = `${first.path} is named like ${first.style.name}, ${other.path} like ${other.style.name}; keep to one.`;
    throw malformed(seen);
  }
  const ways = read.filter(({ undoes }) => !undoes).toSorted((a, b) => byVersion(a.version, b.version));
  const back = read.filter(({ undoes }) => undoes);
  rejectTwice(ways);
  rejectTwice(back);
  const alone = back.find(({ version }) => ways.every((way) => way.version !== version));
  if (alone !== undefined) throw malformed(`${alone.path} takes back a migration that is not there.`);
  const hasWaysBack = back.length > 0 || first?.style.undo === "down";
  return ways.map(({ version, path }) => ({
    version,
    id: path.slice(home.length).replace(/(\.up)?\.sql$/, ""),
    path,
    oneWay: hasWaysBack && back.every((each) => each.version !== version),
  }));
}

function named(path: string, name: string): Named {
  for (const style of styles) {
    const { version, way } = style.matches.exec(name)?.groups ?? {};
    if (version === undefined || !/^[A-Za-z0-9._-]{1,200}$/.test(name)) continue;
    return { style, path, version: plainVersion(version), undoes: way === style.undo };
  }
  const known = styles.map((style) => style.name).join(", ");
  throw malformed(
    `${path} is named like no migration; names are like ${known}, of letters, digits, - and _.`,
  );
}

/** `02_10` is `2.10`, and `1.0` is `1`. */
const plainVersion = (written: string): string =>
  written
    .split(/[._]/)
    .map((number) => number.replace(/^0+(?=\d)/, ""))
    .join(".")
    .replace(/(\.0)+$/, "");

/** Part by part; of numbers without leading zeros the longer one is the greater one, however long. */
export function byVersion(one: string, other: string): number {
  const [ours, theirs] = [one.split("."), other.split(".")];
  for (let at = 0; at < Math.max(ours.length, theirs.length); at += 1) {
    const [a = "0", b = "0"] = [ours[at], theirs[at]];
    if (a.length !== b.length) return a.length - b.length;
    if (a !== b) return a < b ? -1 : 1;
  }
  return 0;
}

function rejectTwice(files: readonly Named[]): void {
  const seen = new Map<string, string>();
  for (const { version, path } of files) {
    const before = seen.get(version);
    if (before !== undefined) throw malformed(`${before} and ${path} are both version ${version}.`);
    seen.set(version, path);
  }
}

const header = /^(?:\s*(?:--|#).*\n)*?\s*(?:--|#)\s*kedge:\s*irreversible\b/i;

export function migrationOf({ version, id, oneWay }: MigrationFile, sql: string): Migration {
  const plain = sql.replace(/^\ufeff/, "").replaceAll("\r\n", "\n");
  return { version, id, checksum: sha256Hex(plain), irreversible: oneWay || header.test(plain), sql };
}

/** The document they travel in. */
export const migrationsFile = "migrations.json";

const shape = listOf(
  object({ version: text(), id: text(), checksum: text(), irreversible: flag(), sql: text() }),
);

export function parseMigrations(json: string): readonly Migration[] {
  const read = readShape(shape, valueTree(JSON.parse(json)));
  if ("value" in read) return read.value;
  throw new ReleaseError("ReleaseDocumentMalformed", `${migrationsFile} holds no migrations.`);
}

const malformed = (seen: string): ReleaseError => new ReleaseError("MigrationsMalformed", seen);
