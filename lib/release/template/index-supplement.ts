/**
 * The second object of the registry's index: withdrawn versions, and the lines that were broken before a rollout.
 * Readers of 1.1.0 reject an index with an unknown field, so these fields have an object of their own. A reader of this
 * object ignores fields that it does not know.
 */
import { ReleaseError } from "#release/errors/errors.ts";
import type { Line } from "#release/names/key.ts";
import type { TemplateRef } from "#release/plan/plan.ts";
import type { TemplateIndex, Withdrawal } from "./template-index.ts";

type BrokenLines = Pick<TemplateRef, "name" | "version"> & { readonly lines: readonly Line[] };

type Supplement = {
  readonly withdrawn: readonly Withdrawal[];
  /** By the version that is rolled out. */
  readonly brokenBefore: readonly BrokenLines[];
  readonly publishers?: NonNullable<TemplateIndex["publishers"]>;
};

export function formatSupplement({ withdrawn, rollouts, publishers }: TemplateIndex): string {
  const brokenBefore = rollouts.flatMap(({ to: { name, version }, brokenBefore: lines }) =>
    lines === undefined ? [] : { name, version, lines },
  );
  const supplement: Supplement = { withdrawn, brokenBefore, ...(publishers && { publishers }) };
  return `${JSON.stringify(supplement, null, 2)}\n`;
}

/**
 * Undefined when the registry has no such object: no version was withdrawn. Throws `TemplateUnavailable` for a text that
 * is no supplement: without it, a release could take a withdrawn version.
 */
export function withSupplement(index: TemplateIndex, json: string | undefined): TemplateIndex {
  if (json === undefined) return index;
  const { withdrawn, brokenBefore, publishers } = parsed(json);
  const rollouts = index.rollouts.map((rollout) => {
    const { name, version } = rollout.to;
    const broken = brokenBefore.find((each) => each.name === name && each.version === version);
    return broken === undefined ? rollout : { ...rollout, brokenBefore: broken.lines };
  });
  return { ...index, rollouts, withdrawn, ...(publishers && { publishers }) };
}

function parsed(json: string): Supplement {
  try {
    const { withdrawn, brokenBefore, publishers } = JSON.parse(json) as Supplement;
    const texts = withdrawn.flatMap(({ name, version, withdrawnAt, reason }) => [
      name,
      version,
      withdrawnAt,
      reason,
    ]);
    if (texts.every((each) => typeof each === "string") && Array.isArray(brokenBefore))
      return { withdrawn, brokenBefore, ...(Array.isArray(publishers) && { publishers }) };
  } catch (error) {
    throw new ReleaseError("TemplateUnavailable", malformed, error);
  }
  throw new ReleaseError("TemplateUnavailable", malformed);
}

const malformed = "The supplement of the registry's index is malformed.";
