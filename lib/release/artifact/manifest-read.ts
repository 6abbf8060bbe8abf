/**
 * Builds the manifest of an artifact. It finds parameter files and the smoke test by their names; the release
 * template supplies the rest.
 */
import { ReleaseError } from "#release/errors/errors.ts";
import { migrationFolder } from "#release/traits/migration-traits.ts";
import type { Traits } from "#release/traits/traits.ts";
import type { Described, Manifest, ParameterFiles, Smoke } from "./manifest.ts";
import { migrationFiles } from "./migrations.ts";

const smokeFiles = [
  { kind: "buildspec", file: "buildspec.smoke.yml" },
  { kind: "buildspec", file: "buildspec.smoke.yaml" },
  { kind: "script", file: "smoke-test.sh" },
] as const;

type ManifestSource = {
  readonly names: readonly string[];
  readonly entry: string;
  readonly described: Described;
  readonly traits: Traits;
  /** All of the anchor's: a file for one the branch does not reach is no mistake. */
  readonly environments?: readonly string[];
};

export function readManifest({ names, entry, described, traits, environments }: ManifestSource): Manifest {
  const home = homeOf(entry);
  const migrations = migrationFolder(traits);
  // Throws for an unusable file before the plan is made.
  if (migrations !== undefined) migrationFiles(names, migrations);
  return {
    entry,
    parameters: parameterFiles(names, home, environments),
    smoke: smokeOf(names, home),
    capabilities: described.capabilities ?? ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM"],
    facts: described.facts ?? {},
    traits,
  };
}

/**
 * Returns the application's folder: the folder of the entry file, or the folder above a build output such as
 * `cdk.out`.
 */
const homeOf = (entry: string): string =>
  entry
    .slice(0, entry.lastIndexOf("/") + 1)
    .replace(/(^|\/)(\.aws-sam\/build|cdk\.out|\.serverless|dist|build|migrations)\/$/, "$1");

function parameterFiles(
  names: readonly string[],
  home: string,
  environments: readonly string[] | undefined,
): ParameterFiles {
  const byEnvironment: Record<string, string> = {};
  for (const name of names) {
    const environment = name.startsWith(home) ? environmentOf(name.slice(home.length)) : undefined;
    if (environment === undefined) continue;
    if (environments?.includes(environment) === false) {
      const known = environments.join(", ");
      throw new ReleaseError(
        "UnknownEnvironment",
        `${name} is for ${environment}; the environments are ${known}.`,
      );
    }
    const other = byEnvironment[environment];
    if (other !== undefined) {
      throw new ReleaseError(
        "ParametersMalformed",
        `${other} and ${name} are both for ${environment}; keep one.`,
      );
    }
    byEnvironment[environment] = name;
  }
  const shared = `${home}parameters.json`;
  return { ...(names.includes(shared) && { shared }), byEnvironment };
}

/** `parameters.<environment>.json` or `parameters/<environment>.json`. */
const environmentOf = (name: string): string | undefined => /^parameters[./]([^/]+)\.json$/.exec(name)?.[1];

function smokeOf(names: readonly string[], home: string): Smoke {
  const found = smokeFiles.find(({ file }) => names.includes(home + file));
  return found === undefined ? { kind: "none" } : { kind: found.kind, path: home + found.file };
}
