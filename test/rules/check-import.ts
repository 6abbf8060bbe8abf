/** Checks one import of a file: its spelling, the package that it goes through, and the row that owns the file. */
import type { Row } from "./import-table.ts";
import type { Source } from "./read-source.ts";
import { type PackageMaps, packageOf, resolveImport } from "./resolve-import.ts";
import { listOf, mayImport, nameTaken, type Owner, packageFits } from "./table-rows.ts";

/** A broken rule. An exception with these `needs` allows it. */
export interface Finding {
  readonly rule: string;
  readonly needs: string;
  readonly message: string;
}

/** The file that is checked, and the tables that it is checked against. */
interface Importer {
  readonly rows: readonly Row[];
  readonly maps: readonly PackageMaps[];
  readonly file: string;
  readonly owner: Owner | undefined;
}

interface CheckedImport {
  readonly findings: readonly Finding[];
  /** The imported file of the repository. */
  readonly path?: string;
}

export function checkImport(
  importer: Importer,
  { specifier, names }: Source["imports"][number],
): CheckedImport {
  if (specifier === undefined) {
    const message =
      "The name of an import is computed, so no rule can read it. Write the name, or list an exception.";
    return { findings: [{ rule: "computed import", needs: "computed", message }] };
  }
  const climbing = checkParentPath(specifier);
  const target = resolveImport(importer.maps, importer.file, specifier);
  if (target.kind === "unknown") {
    const message = `No imports or exports map lists ${specifier}. Import a listed module, or add it to package.json.`;
    return { findings: [...climbing, { rule: "package door", needs: specifier, message }] };
  }
  if (target.kind === "package") {
    const allowed = (entry: string): boolean => packageFits(entry, target.specifier, names);
    const taken = nameTaken(target.specifier, names);
    const denied = checkRow(importer.owner, taken, ({ row }) => (row.packages ?? []).some(allowed));
    return { findings: [...climbing, ...denied] };
  }
  const { path } = target;
  const denied = checkRow(importer.owner, path, (owner) => mayImport(importer.rows, owner, path));
  return { path, findings: [...climbing, ...checkDoor(importer, specifier, path), ...denied] };
}

const checkParentPath = (specifier: string): readonly Finding[] =>
  /(^|\/)\.\.(\/|$)/.test(specifier)
    ? [
        {
          rule: "parent path",
          needs: specifier,
          message: `${specifier} climbs to a parent folder. Name the folder: #release/names/key.ts.`,
        },
      ]
    : [];

function checkDoor({ maps, file }: Importer, specifier: string, path: string): readonly Finding[] {
  const door = packageOf(maps, path);
  if (door === packageOf(maps, file)) return [];
  if (door !== undefined && door.folder !== "" && specifier.startsWith(door.name)) return [];
  return [{ rule: "package door", needs: path, message: doorMessage(path, door) }];
}

function checkRow(
  owner: Owner | undefined,
  name: string,
  allows: (owner: Owner) => boolean,
): readonly Finding[] {
  if (owner === undefined || allows(owner)) return [];
  const { row, folder } = owner;
  const message = `imports ${name}. ${folder} may import ${listOf(row)}. ${row.remedy}`;
  return [{ rule: `imports ${row.folder}`, needs: name, message }];
}

const doorMessage = (path: string, door: PackageMaps | undefined): string =>
  door === undefined || door.folder === ""
    ? `imports ${path}, a file of the product. The embedded cloud knows AWS and no release: hand it over as an argument.`
    : `imports ${path} past the package's exports. Import it as ${door.name}/…, and list it in ${door.folder}/package.json.`;
