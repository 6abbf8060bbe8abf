/**
 * Computes the registry's next index for a publication, a rollout and a rollback. Each function returns a new
 * index or throws.
 */
import semver from "semver";
import { ReleaseError } from "#release/errors/errors.ts";
import type { Line } from "#release/names/key.ts";
import type { TemplateRef } from "#release/plan/plan.ts";
import {
  type PublishedTemplate,
  type Rollout,
  sameTemplate,
  type TemplateIndex,
  templateLabel,
  type Wave,
} from "./template-index.ts";
import { allowedVersions, replacementOf, withdrawalOf, withdrawnSentence } from "./withdrawn.ts";

const refOf = ({ name, version, sha256 }: TemplateRef): TemplateRef => ({ name, version, sha256 });

const publishedAs = (index: TemplateIndex, wanted: TemplateRef): PublishedTemplate | undefined =>
  index.versions.find(({ name, version }) => name === wanted.name && version === wanted.version);

/**
 * A publisher calls this before it writes anything. Throws `TemplateVersionTaken`, which names every release template
 * whose version is published with other bytes.
 */
export function checkVersions(index: TemplateIndex, wanted: readonly TemplateRef[]): void {
  const taken = wanted.flatMap((ref) => {
    const published = publishedAs(index, ref);
    return published === undefined || published.sha256 === ref.sha256
      ? []
      : `${templateLabel(ref)} is published with the digest ${published.sha256}; the bundle to publish has the digest ${ref.sha256}.`;
  });
  if (taken.length > 0) throw new ReleaseError("TemplateVersionTaken", taken.join("\n"));
}

/**
 * The first confirmed version of a name becomes current at once; a rollout decides about later versions. Throws
 * `TemplateVersionTaken`.
 */
export function withVersion(index: TemplateIndex, version: PublishedTemplate): TemplateIndex {
  const known = index.templates.some(({ name }) => name === version.name);
  return {
    ...withWaitingVersion(index, version),
    templates: known || version.draft ? index.templates : [...index.templates, refOf(version)],
  };
}

/** A version that waits for a second person is never current. Throws `TemplateVersionTaken`. */
export function withWaitingVersion(index: TemplateIndex, version: PublishedTemplate): TemplateIndex {
  checkVersions(index, [version]);
  const same = publishedAs(index, version);
  return { ...index, versions: same === undefined ? [...index.versions, version] : index.versions };
}

/** Records the publisher of a version. The first record stays: a version is published once. */
export function withPublisher(
  index: TemplateIndex,
  { name, version }: Pick<TemplateRef, "name" | "version">,
  person: string,
): TemplateIndex {
  const { publishers = [] } = index;
  const known = publishers.some((each) => each.name === name && each.version === version);
  return known ? index : { ...index, publishers: [...publishers, { name, version, person }] };
}

/**
 * By name and version; without a version, the highest that is neither a draft nor withdrawn. Throws
 * `TemplateUnavailable`.
 */
export function findVersion(index: TemplateIndex, wanted: string): PublishedTemplate {
  const [name = "", version] = wanted.split("@");
  const all = index.versions.filter((each) => each.name === name);
  const found =
    version === undefined
      ? allowedVersions(index, name).toSorted((a, b) => semver.rcompare(a.version, b.version))[0]
      : all.find((each) => each.version === version);
  if (found !== undefined) return found;
  const known = (all.length > 0 ? all : index.versions).map(templateLabel).join(", ") || "none";
  throw new ReleaseError("TemplateUnavailable", `There is no ${wanted}; published are ${known}.`);
}

/**
 * Begins with no wave. Throws `RolloutRefused` while another one of the template is under way, and
 * `TemplateWithdrawn`.
 */
export function withRollout(
  index: TemplateIndex,
  to: PublishedTemplate,
  waves: readonly Wave[],
  brokenBefore: readonly Line[] = [],
): TemplateIndex {
  const { name } = to;
  const from = index.templates.find((each) => each.name === name);
  const running = index.rollouts.find(
    (each) => each.name === name && ["moving", "halted"].includes(each.state),
  );
  if (running !== undefined) {
    const seen = `${templateLabel(running.to)} is being rolled out (${running.state}).`;
    throw new ReleaseError("RolloutRefused", seen);
  }
  checkNotWithdrawn(index, to);
  if (to.draft) throw new ReleaseError("RolloutRefused", `${templateLabel(to)} is a draft.`);
  if (from === undefined || sameTemplate(from, to)) {
    throw new ReleaseError(
      "RolloutRefused",
      `${templateLabel(to)} is the current version of the lines already.`,
    );
  }
  const rollout: Rollout = {
    name,
    from,
    to: refOf(to),
    waves,
    begun: 0,
    state: "moving",
    ...(brokenBefore.length > 0 && { brokenBefore }),
  };
  return { ...index, rollouts: [...index.rollouts.filter((each) => each.name !== name), rollout] };
}

/** Throws `TemplateWithdrawn`. */
export function checkNotWithdrawn(index: TemplateIndex, version: TemplateRef): void {
  const withdrawal = withdrawalOf(index, version);
  if (withdrawal === undefined) return;
  throw new ReleaseError("TemplateWithdrawn", withdrawnSentence(withdrawal, replacementOf(index, version)));
}

/**
 * Changes the rollout of a name. A finished rollout makes its version current; a rollback restores the
 * version before.
 */
export function withRolloutState(
  index: TemplateIndex,
  name: string,
  change: Partial<Pick<Rollout, "begun" | "state" | "why">>,
): TemplateIndex {
  const before = index.rollouts.find((each) => each.name === name);
  if (before === undefined) throw new ReleaseError("RolloutRefused", `${name} has no rollout.`);
  const { why: _, ...rest } = before;
  const rollout: Rollout = { ...rest, ...change };
  const current =
    rollout.state === "done" ? rollout.to : rollout.state === "taken-back" ? rollout.from : undefined;
  return {
    ...index,
    rollouts: index.rollouts.map((each) => (each.name === name ? rollout : each)),
    templates: current
      ? index.templates.map((each) => (each.name === name ? current : each))
      : index.templates,
  };
}

/** One line gets the version, drafts too; `template` undefined ends its trial. */
export function withTrial(
  index: TemplateIndex,
  line: Line,
  name: string,
  template: TemplateRef | undefined,
): TemplateIndex {
  const others = index.trials.filter(
    ({ line: each, template: tried }) =>
      tried.name !== name ||
      each.account !== line.account ||
      each.app !== line.app ||
      each.branch !== line.branch,
  );
  return { ...index, trials: template ? [...others, { line, template: refOf(template) }] : others };
}
