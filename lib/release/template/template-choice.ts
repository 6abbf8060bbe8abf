/**
 * Chooses the version of a release template for a line. The order is: the line's trial, the estate's pin, the
 * rollout's version, the version that the line has, the current version. A new release takes no withdrawn version.
 */
import { ReleaseError } from "#release/errors/errors.ts";
import type { Estate } from "#release/estate/estate.ts";
import { selects } from "#release/estate/line-selector.ts";
import type { Line } from "#release/names/key.ts";
import type { TemplateRef } from "#release/plan/plan.ts";
import { anchorOf } from "#release/traits/targets.ts";
import { type Rollout, sameTemplate, type TemplateIndex, type Withdrawal } from "./template-index.ts";
import { allowedVersions, replacementOf, withdrawalOf } from "./withdrawn.ts";

export type VersionRequest = {
  readonly index: TemplateIndex;
  readonly estate: Estate;
  readonly line: Line;
  readonly name: string;
  /** The version that made the line's pipeline, if it is of this template. */
  readonly own?: TemplateRef;
};

/**
 * The version of a new release. Where the chosen version is withdrawn, the line's own version comes next, then the
 * replacement. Undefined when there is no template of the name, or each version is withdrawn. Throws
 * `TemplateUnavailable` for a pin to a version there is not.
 */
export function versionFor(request: VersionRequest): TemplateRef | undefined {
  const { index, own } = request;
  const chosen = chosenVersion(request);
  if (chosen === undefined || withdrawalOf(index, chosen) === undefined) return chosen;
  return own !== undefined && withdrawalOf(index, own) === undefined ? own : replacementOf(index, chosen);
}

/**
 * The version to which reconcile moves a line without an upload. A withdrawal moves no line: it would deploy to every
 * line at once. No line moves to a withdrawn version.
 */
export function dueVersion(request: VersionRequest): TemplateRef | undefined {
  const chosen = chosenVersion(request);
  return chosen !== undefined && withdrawalOf(request.index, chosen) !== undefined ? request.own : chosen;
}

function chosenVersion(request: VersionRequest): TemplateRef | undefined {
  const { index, estate, line, name, own } = request;
  const trial = index.trials.find((each) => each.template.name === name && sameLine(each.line, line));
  if (trial !== undefined) return trial.template;
  const anchor = anchorOf(estate, line);
  const rules = estate.templates[name];
  const pin = rules?.pins.find(({ lines }) => selects(lines, line, anchor));
  if (pin !== undefined) return publishedAs(index, name, pin.version);
  const current = index.templates.find((each) => each.name === name);
  const excluded = rules?.exclude.some((lines) => selects(lines, line, anchor)) ?? false;
  const rollout = index.rollouts.find((each) => each.name === name);
  if (rollout === undefined || excluded) return own ?? current;
  return movedBy(rollout, request) ?? own ?? current;
}

/**
 * Returns the published versions from which a constraint in the traits may choose; none if the estate has
 * chosen.
 */
export const furtherVersions = ({ index, estate, line, name }: VersionRequest): readonly TemplateRef[] =>
  isHeld(estate, line, name)
    ? []
    : allowedVersions(index, name).map(({ version, sha256 }) => ({ name, version, sha256 }));

/** The withdrawn versions of a name, to explain why a constraint in the traits selects none of them. */
export const withdrawnVersions = ({ withdrawn }: TemplateIndex, wanted: string): readonly Withdrawal[] =>
  withdrawn.filter(({ name }) => name === wanted);

/** True if the estate pins the line to a version, or excludes it from rollouts. */
export function isHeld(estate: Estate, line: Line, name: string): boolean {
  const { pins = [], exclude = [] } = estate.templates[name] ?? {};
  const anchor = anchorOf(estate, line);
  return [...pins.map(({ lines }) => lines), ...exclude].some((lines) => selects(lines, line, anchor));
}

/** Returns the version to which the rollout has moved the line; undefined before its wave. */
function movedBy(rollout: Rollout, { estate, line, own }: VersionRequest): TemplateRef | undefined {
  const { from, to, state, begun } = rollout;
  if (state === "taken-back") return own !== undefined && sameTemplate(own, to) ? from : undefined;
  // A rollout moves the lines of the version with which it began. A line with an older version stays.
  const moves = own === undefined || sameTemplate(own, from) || sameTemplate(own, to);
  const wave = waveOf(rollout, estate, line);
  return moves && wave !== undefined && wave < begun ? to : undefined;
}

/** The first wave that selects the line. */
function waveOf({ waves }: Rollout, estate: Estate, line: Line): number | undefined {
  const anchor = anchorOf(estate, line);
  const found = waves.findIndex(({ lines }) => selects(lines, line, anchor));
  return found === -1 ? undefined : found;
}

function publishedAs({ versions }: TemplateIndex, name: string, version: string): TemplateRef {
  const found = versions.find((each) => each.name === name && each.version === version);
  if (found !== undefined) return { name, version, sha256: found.sha256 };
  const seen = `The estate pins this line to ${name} ${version}, which was never published.`;
  throw new ReleaseError("TemplateUnavailable", seen);
}

const sameLine = (a: Line, b: Line): boolean =>
  a.account === b.account && a.app === b.app && a.branch === b.branch;
