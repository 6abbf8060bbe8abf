/** Makes the stacks of an artifact, with the templates, nested templates and files that they refer to. */
import type { Release } from "#release/plan/release.ts";
import { type Assembly, checkAssembly, oneStack } from "#release/stack/assembly.ts";
import type { ReleaseTemplate } from "#release/template/template.ts";
import { assetsOf, type LocalTemplate } from "./local-assets.ts";
import type { OpenArtifact } from "./open-artifact.ts";
import { checkOutputs } from "./stack-tags.ts";

type Assembled = {
  readonly assembly: Assembly;
  /** One for each stack. */
  readonly templates: readonly LocalTemplate[];
};

export async function assemble(
  { assemble: own = oneStack }: Pick<ReleaseTemplate, "assemble">,
  { line, manifest, targets }: Pick<Release, "line" | "manifest" | "targets">,
  artifact: OpenArtifact,
): Promise<Assembled> {
  const names = artifact.files.map(({ name }) => name);
  const assembly = checkAssembly(await own({ line, manifest, targets, names, text: artifact.text }));
  for (const { path, document } of assembly.stacks) checkOutputs(path, document);
  const templates = await Promise.all(assembly.stacks.map((stack) => assetsOf(artifact, stack)));
  return { assembly, templates };
}
