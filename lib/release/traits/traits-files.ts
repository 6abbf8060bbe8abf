/** Finds the traits files of an artifact: two files in `.traits/` at its top, and the package.json there. */
import { ReleaseError } from "#release/errors/errors.ts";

export type TraitsPaths = {
  readonly build?: string;
  readonly deployment?: string;
  readonly packageJson?: string;
};

/** The schemas are for editors. */
const known = /^(build|deployment)\.(ya?ml|schema\.json)$/;

/**
 * Throws `TraitsMalformed` for a file that would be ignored silently, and `TraitsContradictory` for a
 * duplicate file.
 */
export function traitsPaths(names: readonly string[]): TraitsPaths {
  const top = topOf(names);
  const folder = `${top}.traits/`;
  const inside = names.filter((name) => name.startsWith(folder)).map((name) => name.slice(folder.length));
  const odd = inside.find((name) => /\.(ya?ml|json)$/i.test(name) && !known.test(name));
  if (odd !== undefined) {
    const seen = `${folder}${odd} is not a traits file; expected build.yml or deployment.yml (or .yaml).`;
    throw new ReleaseError("TraitsMalformed", seen);
  }
  const build = only(folder, inside, "build");
  const deployment = only(folder, inside, "deployment");
  const packageJson = `${top}package.json`;
  return {
    ...(build !== undefined && { build }),
    ...(deployment !== undefined && { deployment }),
    ...(names.includes(packageJson) && { packageJson }),
  };
}

function only(folder: string, inside: readonly string[], name: string): string | undefined {
  const [one, other] = [`${name}.yml`, `${name}.yaml`].filter((file) => inside.includes(file));
  if (one === undefined || other === undefined) return one && folder + one;
  throw new ReleaseError(
    "TraitsContradictory",
    `The artifact has both ${folder}${one} and ${folder}${other}.`,
  );
}

/** A zip made of a folder has everything in it. */
function topOf(names: readonly string[]): string {
  const [first = ""] = names;
  const folder = first.slice(0, first.indexOf("/") + 1);
  return folder !== "" && folder !== ".traits/" && names.every((name) => name.startsWith(folder))
    ? folder
    : "";
}

/** Files that describe the release do not identify the artifact. */
export const isTraitsFile = (name: string): boolean => /(^|\/)\.traits\//.test(name);
