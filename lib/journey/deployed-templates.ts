/** Reads the templates that the stacks of an environment have before a release. */
import type { ChangeSets } from "#ports/change-sets.ts";
import type { AccountInRegion } from "#ports/target.ts";

/**
 * The templates of the stacks that exist, by name. An update may fail with words about the template before it, which
 * may have secrets that this release has no more.
 */
export async function deployedTemplates(
  { changeSets }: { readonly changeSets: Pick<ChangeSets, "deployed"> },
  target: AccountInRegion,
  existing: Iterable<string>,
): Promise<ReadonlyMap<string, string>> {
  const found = await Promise.all(
    [...existing].map(
      async (name): Promise<[string, string | undefined]> => [name, await changeSets.deployed(target, name)],
    ),
  );
  return new Map(found.flatMap(([name, text]) => (text === undefined ? [] : [[name, text]])));
}
