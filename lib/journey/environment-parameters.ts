/** Reads the parameters of an artifact for each environment. References in them are not resolved yet. */
import type { Release } from "#release/plan/release.ts";
import { mergeParameters, type Parameters, readParameters } from "#release/stack/parameters.ts";
import { traitsFor } from "#release/traits/traits.ts";
import type { OpenArtifact } from "./open-artifact.ts";

export async function environmentParameters(
  artifact: Pick<OpenArtifact, "text">,
  { manifest, targets }: Pick<Release, "manifest" | "targets">,
): Promise<Readonly<Record<string, Parameters>>> {
  const read = async (path: string): Promise<Parameters> =>
    readParameters(await artifact.text(path, "A parameters file"), path);
  const { shared, byEnvironment } = manifest.parameters;
  const common = shared === undefined ? [] : [await read(shared)];
  const each = await Promise.all(
    targets.map(async ({ environment, names }): Promise<[string, Parameters]> => {
      const own = names.flatMap((name) => byEnvironment[name] ?? []);
      const wanted = traitsFor(manifest.traits, { names }); // traits override the parameter files
      const merged = mergeParameters(...common, ...(await Promise.all(own.map(read))), {
        values: wanted.parameters,
        tags: wanted.tags,
      });
      return [environment, merged];
    }),
  );
  return Object.fromEntries(each);
}
