/**
 * Reads the migration settings of traits: the function that runs migrations in an environment, and their
 * folder.
 */
import { ReleaseError } from "#release/errors/errors.ts";
import type { Target } from "./targets.ts";
import { type Traits, traitsFor } from "./traits.ts";

export type Migrating = { readonly function: string; readonly outOfOrder: boolean };

const usualFolder = "migrations";

/** Undefined when they are wanted nowhere. */
export function migrationFolder({ everywhere, byEnvironment }: Traits): string | undefined {
  const wanted = [everywhere, ...Object.values(byEnvironment)].some(
    ({ migrations }) => migrations !== undefined,
  );
  return wanted ? (everywhere.migrations?.folder ?? usualFolder) : undefined;
}

/** Undefined when the environment wants none. Throws `MigrationsMalformed` or `HandlerNotAllowed`. */
export function migratingIn(traits: Traits, target: Target): Migrating | undefined {
  const { migrations } = traitsFor(traits, target);
  if (migrations === undefined) return undefined;
  const { environment, handlers } = target;
  const { function: name, outOfOrder = false } = migrations;
  if (name === undefined) {
    const seen = `The traits ask for migrations in ${environment} and name no function that runs them.`;
    throw new ReleaseError("MigrationsMalformed", seen);
  }
  const allowed = handlers?.functions ?? [];
  if (allowed.includes(name)) return { function: name, outOfOrder };
  const known = allowed.length === 0 ? "no function" : `the functions ${allowed.join(", ")}`;
  const seen = `The traits name the function ${name} for the migrations of ${environment}.`;
  throw new ReleaseError("HandlerNotAllowed", `${seen} In ${environment} the estate allows ${known}.`);
}
