/**
 * Withdraws a published version of a release template: no new release takes it. The command moves no line, because that
 * would deploy to all of them at once. It lists the lines that have the version.
 */
import { OperateError } from "#operate/operate-error.ts";
import type { Clock } from "#ports/clock.ts";
import type { Line } from "#release/names/key.ts";
import type { TemplateRef } from "#release/plan/plan.ts";
import {
  type PublishedTemplate,
  sameTemplate,
  type TemplateIndex,
  type Withdrawal,
} from "#release/template/template-index.ts";
import { findVersion } from "#release/template/template-publish.ts";
import { replacementOf, withdrawalOf, withWithdrawal } from "#release/template/withdrawn.ts";
import type { LinesDeps, RegistryDeps } from "./deps.ts";
import { latestResults, liveLines } from "./live-lines.ts";

type WithdrawDeps = RegistryDeps & LinesDeps & { readonly clock: Clock };

/** Without a reason, the reason of an earlier withdrawal stays. */
type WithdrawOrder = { readonly wanted: string; readonly reason?: string };

/** The effect of a withdrawal. */
export type WithdrawalEffect = {
  readonly version: PublishedTemplate;
  /** The version that new releases take instead; undefined when every version is withdrawn. */
  readonly instead: TemplateRef | undefined;
  /** The live lines that have the version. */
  readonly lines: readonly Line[];
};

export type WithdrawnVersion = WithdrawalEffect & { readonly withdrawal: Withdrawal };

const noReason = "no reason was given.";

/**
 * The effect of the withdrawal before it is made. Throws `VersionMissing` for a name alone, and `TemplateUnavailable`
 * for a version that is not published.
 */
export async function withdrawalEffect(deps: WithdrawDeps, wanted: string): Promise<WithdrawalEffect> {
  const index = await deps.registry.index();
  const version = versionToWithdraw(index, wanted);
  const withdrawal = { name: version.name, version: version.version, withdrawnAt: "", reason: "" };
  const instead = replacementOf(withWithdrawal(index, withdrawal), version);
  return { version, instead, lines: await linesWith(deps, version) };
}

/** Throws the errors of `withdrawalEffect`. */
export async function withdrawTemplate(
  deps: WithdrawDeps,
  { wanted, reason }: WithdrawOrder,
): Promise<WithdrawnVersion> {
  const version = versionToWithdraw(await deps.registry.index(), wanted);
  const withdrawnAt = deps.clock();
  const index = await deps.registry.change((now) => {
    const given = reason ?? withdrawalOf(now, version)?.reason ?? noReason;
    return withWithdrawal(now, { name: version.name, version: version.version, withdrawnAt, reason: given });
  });
  const withdrawal = withdrawalOf(index, version);
  if (withdrawal === undefined) throw new TypeError(`The index has no withdrawal of ${wanted}.`);
  const lines = await linesWith(deps, version);
  return { version, withdrawal, instead: replacementOf(index, version), lines };
}

function versionToWithdraw(index: TemplateIndex, wanted: string): PublishedTemplate {
  if (!wanted.includes("@"))
    throw new OperateError("VersionMissing", `Name the version to withdraw, e.g. ${wanted}@1.0.0.`);
  return findVersion(index, wanted);
}

/** The live lines whose last result has the version. */
export async function linesWith(deps: LinesDeps, version: TemplateRef): Promise<readonly Line[]> {
  const results = await latestResults(deps, await liveLines(deps));
  return results.flatMap(({ line, result }) =>
    result?.template !== undefined && sameTemplate(result.template, version) ? [line] : [],
  );
}
