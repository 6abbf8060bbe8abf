/** Gives one line a version of a release template, drafts included, or ends such a trial. */
import { requestReconcile } from "#operate/request-reconcile.ts";
import type { Line } from "#release/names/key.ts";
import type { PublishedTemplate } from "#release/template/template-index.ts";
import { checkNotWithdrawn, findVersion, withTrial } from "#release/template/template-publish.ts";
import type { MoveDeps } from "./deps.ts";
import { checkConfirmed } from "./sign-module.ts";

/** `wanted` is `name@version`. Answers the version that the line gets. Throws `TemplateWithdrawn`, and `TemplateWaits`. */
export async function tryTemplate(
  deps: Pick<MoveDeps, "registry" | "intake">,
  { wanted, line }: { readonly wanted: string; readonly line: Line },
): Promise<PublishedTemplate> {
  const index = await deps.registry.index();
  const version = findVersion(index, wanted);
  checkNotWithdrawn(index, version);
  await checkConfirmed(deps.registry, version);
  await deps.registry.change((index) => withTrial(index, line, version.name, version));
  await requestReconcile(deps, [line]);
  return version;
}

/** The line goes back to the version it would have without the trial. */
export async function endTrial(
  deps: Pick<MoveDeps, "registry" | "intake">,
  { name, line }: { readonly name: string; readonly line: Line },
): Promise<void> {
  await deps.registry.change((index) => withTrial(index, line, name, undefined));
  await requestReconcile(deps, [line]);
}
