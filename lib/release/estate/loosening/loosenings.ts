/**
 * Compares two estates and lists each setting that protects less than before. `kedge publish` asks for a second
 * person when the list is not empty. A test has an answer for each field of the estate file.
 */
import type { Anchor, Environment, Estate } from "#release/estate/estate.ts";
import { defaultTerraform, type TerraformRules } from "#release/estate/terraform-rules.ts";
import { isGated, loosenedEnvironment } from "./loosened-environment.ts";
import {
  type Loosening,
  loosening,
  lowered,
  opened,
  patternsWidened,
  replaced,
  switchedOff,
  widened,
} from "./loosening.ts";

export function loosenings(was: Estate, now: Estate): readonly Loosening[] {
  return [
    ...(now.organization !== undefined && was.organization !== now.organization
      ? [loosening("organization", "", was.organization, now.organization)]
      : []),
    ...lowered(
      "retention.artifactVersionsDays",
      was.retention.artifactVersionsDays,
      now.retention.artifactVersionsDays,
    ),
    ...lowered(
      "retention.artifactVersionsCount",
      was.retention.artifactVersionsCount,
      now.retention.artifactVersionsCount,
    ),
    ...loosenedTerraform(was.terraform ?? defaultTerraform, now.terraform ?? defaultTerraform),
    ...was.anchors.flatMap((anchor) => {
      // An anchor keeps its account; its name can change.
      const after = now.anchors.find(({ account }) => account === anchor.account);
      return after === undefined ? removed(anchor) : loosenedAnchor(anchor, after);
    }),
  ];
}

function loosenedTerraform(was: TerraformRules, now: TerraformRules): readonly Loosening[] {
  // The first image makes the plans before an approval, so its place in the list matters.
  const planner =
    was.images[0] === now.images[0] ? [] : [loosening("terraform.images", "", was.images, now.images)];
  return [
    ...(planner.length > 0 ? planner : widened("terraform.images", "", was.images, now.images)),
    ...widened("terraform.providers", "", was.providers, now.providers),
    ...widened("terraform.actions", "", was.actions, now.actions),
    ...(now.planBeforeApproval && !was.planBeforeApproval
      ? [loosening("terraform.planBeforeApproval", "", false, true)]
      : []),
  ];
}

function loosenedAnchor(was: Anchor, now: Anchor): readonly Loosening[] {
  const { name } = was;
  return [
    ...patternsWidened("anchors.allowTombstone", name, was.allowTombstone, now.allowTombstone),
    ...switchedOff("anchors.separateDuties", name, was.separateDuties ?? false, now.separateDuties ?? false),
    ...switchedOff(
      "anchors.separateAuthors",
      name,
      was.separateAuthors ?? false,
      now.separateAuthors ?? false,
    ),
    ...(["uploaders", "people"] as const).flatMap((whose) =>
      replaced(`anchors.sessionNames.${whose}`, name, was.sessionNames?.[whose], now.sessionNames?.[whose]),
    ),
    ...opened("anchors.uploaders", name, was.uploaders, now.uploaders),
    ...opened("anchors.approvers", name, was.approvers, now.approvers),
    ...was.environments.flatMap((environment) => loosenedAt(was, now, environment)),
    ...now.environments.flatMap((environment) => added(was, environment)),
  ];
}

/**
 * A new account joins the accounts that the anchor's rules trust. A new environment without an approval opens a
 * second way into a gated account.
 */
function added({ name, environments }: Anchor, now: Environment): readonly Loosening[] {
  if (environments.some((each) => each.name === now.name || isSameLocation(each, now))) return [];
  const there = environments.filter(({ account }) => account === now.account);
  const at = `${name}/${now.name}`;
  if (there.length === 0) return [loosening("anchors.environments.account", at, undefined, now.account)];
  return there.some(({ approval }) => approval) && !now.approval
    ? [loosening("anchors.environments.approval", at, "an approval in this account", false)]
    : [];
}

/** The gates of an anchor that the new estate does not have. */
const removed = (anchor: Anchor): readonly Loosening[] =>
  anchor.environments.filter(isGated).map((environment) => gone(anchor, environment));

const gone = ({ name }: Anchor, environment: Environment): Loosening =>
  loosening("anchors.environments.name", `${name}/${environment.name}`, environment.name, undefined);

/** Compares with the environment of the same name, and with environments that have its account now. */
function loosenedAt(anchor: Anchor, now: Anchor, was: Environment): readonly Loosening[] {
  const at = `${anchor.name}/${was.name}`;
  const same = now.environments.filter((each) => each.name === was.name || isSameLocation(each, was));
  if (same.length === 0) return isGated(was) ? [gone(anchor, was)] : [];
  const found = [
    ...same.flatMap((each) => loosenedEnvironment(at, was, each)),
    ...same.flatMap((each) => joined(anchor, now, was, each)),
    ...same.filter(({ name }) => name === was.name).flatMap((each) => skipped(anchor, now, was, each)),
  ];
  const texts = new Set<string>();
  return found.filter((each) => {
    const text = JSON.stringify(each);
    return texts.has(text) ? false : texts.add(text) !== undefined;
  });
}

const isSameLocation = (a: Environment, b: Environment): boolean =>
  a.account === b.account && a.region === b.region && a.tenant === b.tenant && rungOf(a) === rungOf(b);

/** A tenant may have all its environments in one account; there the first name of an environment tells them apart. */
const rungOf = ({ tenant, names }: Environment): string => (tenant === undefined ? "" : (names[0] ?? ""));

/** Environments that join the wave: one approval is for all environments of a wave. */
function joined(was: Anchor, now: Anchor, before: Environment, after: Environment): readonly Loosening[] {
  const others = ({ environments }: Anchor, { name, wave }: Environment): readonly string[] =>
    environments.filter((each) => each.wave === wave && each.name !== name).map((each) => each.name);
  return before.approval
    ? widened(
        "anchors.environments.wave",
        `${was.name}/${before.name}`,
        others(was, before),
        others(now, after),
      )
    : [];
}

/** Environments that no longer come before a gated environment. */
function skipped(was: Anchor, now: Anchor, before: Environment, after: Environment): readonly Loosening[] {
  if (!isGated(before)) return [];
  const earlier = (anchor: Anchor, { order }: Environment): readonly string[] =>
    anchor.environments.filter((each) => each.order < order).map(({ name }) => name);
  const still = earlier(now, after);
  const kept = now.environments.map(({ name }) => name);
  const lost = earlier(was, before).filter((name) => kept.includes(name) && !still.includes(name));
  return lost.length === 0
    ? []
    : [
        loosening(
          "anchors.environments.order",
          `${was.name}/${before.name}`,
          `after ${lost.join(", ")}`,
          `before or beside ${lost.join(", ")}`,
        ),
      ];
}
