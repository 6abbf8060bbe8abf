/** Computes which versions of a release template are withdrawn, and which version a new release takes instead. */
import semver from "semver";
import type { TemplateRef } from "#release/plan/plan.ts";
import type { PublishedTemplate, TemplateIndex, Withdrawal } from "./template-index.ts";

type Version = Pick<TemplateRef, "name" | "version">;

export const withdrawalOf = (
  { withdrawn }: TemplateIndex,
  { name, version }: Version,
): Withdrawal | undefined => withdrawn.find((each) => each.name === name && each.version === version);

/** A version stays withdrawn. A second withdrawal may correct the reason; the date stays that of the first. */
export function withWithdrawal(index: TemplateIndex, withdrawal: Withdrawal): TemplateIndex {
  const before = withdrawalOf(index, withdrawal);
  if (before === undefined) return { ...index, withdrawn: [...index.withdrawn, withdrawal] };
  const { withdrawnAt } = before;
  return {
    ...index,
    withdrawn: index.withdrawn.map((each) => (each === before ? { ...withdrawal, withdrawnAt } : each)),
  };
}

/** The published versions of a name that are neither drafts nor withdrawn. */
export const allowedVersions = (index: TemplateIndex, name: string): readonly PublishedTemplate[] =>
  index.versions.filter((each) => each.name === name && !each.draft && !withdrawalOf(index, each));

/**
 * Returns the version that a release takes instead of a withdrawn one. Versions of the same major come first, because
 * they read the same settings. Among them the current version comes first, because a rollout has proven it; then the
 * newest. Undefined when every version of the name is withdrawn.
 */
export function replacementOf(index: TemplateIndex, { name, version }: Version): TemplateRef | undefined {
  const allowed = allowedVersions(index, name);
  const near = allowed.filter((each) => semver.major(each.version) === semver.major(version));
  const candidates = near.length > 0 ? near : allowed;
  const current = index.templates.find((each) => each.name === name);
  const [newest] = candidates.toSorted((a, b) => semver.rcompare(a.version, b.version));
  const taken = candidates.find((each) => each.version === current?.version) ?? newest;
  return taken && { name, version: taken.version, sha256: taken.sha256 };
}

/** For a person who may choose another version. */
export function withdrawnSentence(
  { name, version, withdrawnAt, reason }: Withdrawal,
  instead: TemplateRef | undefined,
): string {
  const take =
    instead === undefined ? `Every version of ${name} is withdrawn.` : `Take ${name}@${instead.version}.`;
  return `${name}@${version} was withdrawn on ${withdrawnAt.slice(0, 10)}: ${reason} ${take}`;
}
