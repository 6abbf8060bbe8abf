/**
 * Offers a line further versions of release templates. A constraint in its traits may choose the published ones. The
 * withdrawn ones give a rejection its reason.
 */
import semver from "semver";
import type { TemplateRef } from "#release/plan/plan.ts";
import type { TemplateOffer } from "./select-template.ts";
import type { LoadedTemplate } from "./template.ts";
import { furtherVersions, type VersionRequest, withdrawnVersions } from "./template-choice.ts";
import type { PublishedTemplate, TemplateIndex, Withdrawal } from "./template-index.ts";
import { allowedVersions, withdrawalOf } from "./withdrawn.ts";

type Further = NonNullable<TemplateOffer["further"]>;

export const furtherOffer = (
  request: Omit<VersionRequest, "name" | "own">,
  load: (ref: TemplateRef) => Promise<LoadedTemplate>,
): Further => ({
  versions: (name) => furtherVersions({ ...request, name }),
  load,
  withdrawn: (name) => withdrawnVersions(request.index, name),
  lastWithdrawn: lastWithdrawn(request.index),
});

/** The newest withdrawn version of each name that has no other version. */
function lastWithdrawn(index: TemplateIndex): readonly Withdrawal[] {
  const names = new Set(index.withdrawn.map(({ name }) => name));
  return [...names].flatMap((name) => {
    if (allowedVersions(index, name).length > 0) return [];
    const [newest] = index.versions.filter((each) => each.name === name && !each.draft).toSorted(newestFirst);
    const withdrawal = newest && withdrawalOf(index, newest);
    return withdrawal === undefined ? [] : [withdrawal];
  });
}

const newestFirst = (a: PublishedTemplate, b: PublishedTemplate): number =>
  semver.rcompare(a.version, b.version);
