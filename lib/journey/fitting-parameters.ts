/**
 * Compares the parameters of an environment with the templates that declare them. Prepare does so before it changes
 * anything, and `kedge check` before an upload.
 */
import { ReleaseError } from "#release/errors/errors.ts";
import type { Release } from "#release/plan/release.ts";
import type { AssembledStack } from "#release/stack/assembly.ts";
import { valuesFor } from "#release/stack/configuration.ts";
import { checkParameters, type Parameters } from "#release/stack/parameters.ts";
import type { Target } from "#release/traits/targets.ts";

/**
 * The estate's values are the defaults. They apply only to stacks that declare them, because the estate
 * serves all applications.
 */
export function withProvided(
  given: Parameters,
  { provided }: Pick<Release, "provided">,
  environment: string,
  stacks: readonly Pick<AssembledStack, "document">[],
): Parameters {
  const wanted = stacks.map(({ document }) => valuesFor(document, provided[environment] ?? {}));
  return { ...given, values: Object.assign({}, ...wanted, given.values) as Parameters["values"] };
}

/** Adds the names of the parameter files to the error, because the check does not know them. */
export function checkFit(
  stacks: readonly Pick<AssembledStack, "document">[],
  given: Parameters,
  { manifest }: Pick<Release, "manifest">,
  { environment, names }: Target,
): void {
  try {
    checkParameters(
      stacks.map(({ document }) => document),
      given,
      environment,
    );
  } catch (error) {
    if (!(error instanceof ReleaseError)) throw error;
    const { shared, byEnvironment } = manifest.parameters;
    const own = names.map((name) => byEnvironment[name]);
    const files = [shared, ...own, ...manifest.traits.sources].filter((file) => file !== undefined);
    const read =
      files.length === 0 ? "The artifact has no parameters file for it." : `Read: ${files.join(", ")}.`;
    throw new ReleaseError(error.code, `${error.message} ${read}`, error);
  }
}
