/** Gives one line a version of a release template, drafts included, or ends such a trial. */
import { requestReconcile } from "#operate/request-reconcile.ts";
import { ReleaseError } from "#release/errors/errors.ts";
import type { Line } from "#release/names/key.ts";
import type { PublishedTemplate } from "#release/template/template-index.ts";
import { checkNotWithdrawn, findVersion, withTrial } from "#release/template/template-publish.ts";
import type { MoveDeps } from "./deps.ts";
import { checkConfirmed } from "./sign-module.ts";

/** `wanted` is `name@version`. Answers the version that the line gets. Throws `TemplateWithdrawn`, and `TemplateWaits`. */
export async function tryTemplate(
  deps: Pick<MoveDeps, "registry" | "intake" | "estate">,
  { wanted, line }: { readonly wanted: string; readonly line: Line },
): Promise<PublishedTemplate> {
  await checkAnchor(deps, line);
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
  deps: Pick<MoveDeps, "registry" | "intake" | "estate">,
  { name, line }: { readonly name: string; readonly line: Line },
): Promise<void> {
  await checkAnchor(deps, line);
  await deps.registry.change((index) => withTrial(index, line, name, undefined));
  await requestReconcile(deps, [line]);
}

/** The account of the caller is the central one, which has no lines. Throws `AccountUnknown`. */
async function checkAnchor({ estate }: Pick<MoveDeps, "estate">, { account }: Line): Promise<void> {
  const { anchors } = await estate.load();
  if (anchors.some((anchor) => anchor.account === account)) return;
  const known = anchors.map((anchor) => `${anchor.account} (${anchor.name})`).join(", ");
  throw new ReleaseError(
    "AccountUnknown",
    `${account} is no anchor of the estate; pass --account: ${known}.`,
  );
}
