/**
 * Computes the impact of a version of a release template before a line has it: it inspects and plans every
 * live line with its current versions and with the new one, and compares the two plans.
 */

import { inBatches } from "#operate/in-batches.ts";
import { readResult } from "#operate/read-result.ts";
import { ReleaseError } from "#release/errors/errors.ts";
import type { Estate } from "#release/estate/estate.ts";
import { formatKey, type Line } from "#release/names/key.ts";
import type { TemplateRef } from "#release/plan/plan.ts";
import { isSamePlan, type PlanDifference, planDifference } from "#release/plan/plan-difference.ts";
import { furtherOffer } from "#release/template/further-versions.ts";
import type { TemplateOffer } from "#release/template/select-template.ts";
import type { LoadedTemplate } from "#release/template/template.ts";
import { isHeld, versionFor } from "#release/template/template-choice.ts";
import { sameTemplate, type TemplateIndex } from "#release/template/template-index.ts";
import type { RangeReader } from "#release/zip/range-reader.ts";
import { loadCandidate } from "./candidate.ts";
import type { CandidateDeps, LinesDeps } from "./deps.ts";
import { liveLines } from "./live-lines.ts";
import { type Planned, planWith, readOnce, sentenceOf } from "./plan-line.ts";

/** `other`: the line is released with another template, before and after. */
export type LineImpact =
  | { readonly line: Line; readonly kind: "other" | "same" }
  | { readonly line: Line; readonly kind: "changed"; readonly difference: PlanDifference }
  /** It could be released, and no longer can; or the other way round. */
  | { readonly line: Line; readonly kind: "unavailable" | "available"; readonly why: string };

type ImpactDeps = CandidateDeps & LinesDeps;

export type TemplateImpact = { readonly ref: TemplateRef; readonly impacts: readonly LineImpact[] };

/** `wanted` is a folder, a name, or `name@version`. */
export async function templateImpact(
  deps: ImpactDeps,
  wanted: string,
  onLine: (done: number, all: number) => void = () => undefined,
): Promise<TemplateImpact> {
  const candidate = await loadCandidate(deps, wanted);
  const lines = await liveLines(deps);
  const estate = await deps.estate.load();
  const index = await deps.registry.index();
  let done = 0;
  const impacts = await inBatches(lines, async (line) => {
    const impact = await impactOn(deps, { estate, index, line, candidate });
    done += 1;
    onLine(done, lines.length);
    return impact;
  });
  return { ref: candidate.ref, impacts: impacts.filter((each) => each !== undefined) };
}

type LineOrder = {
  readonly estate: Estate;
  readonly index: TemplateIndex;
  readonly line: Line;
  readonly candidate: LoadedTemplate;
};

/** Undefined for a line whose upload was removed meanwhile. */
async function impactOn(
  { registry, artifacts, results }: ImpactDeps,
  { estate, index, line, candidate }: LineOrder,
): Promise<LineImpact | undefined> {
  const artifact = await artifacts.newest(formatKey(line));
  if (artifact === undefined) return undefined;
  const own = (await readResult(results, line, "latest"))?.template;
  const refs = index.templates.flatMap(({ name }) => {
    const mine = own?.name === name ? { own } : {};
    return versionFor({ index, estate, line, name, ...mine }) ?? [];
  });
  const now = await Promise.all(refs.map(registry.load));
  // The estate's choice of another version keeps the candidate out.
  const next = isHeld(estate, line, candidate.ref.name) ? now : withCandidate(now, candidate);
  const reader = readOnce(artifacts.reader(artifact));
  const further = furtherOffer({ index, estate, line }, registry.load);
  return impactOf({ estate, line, now, next, candidate, reader, further });
}

const withCandidate = (now: readonly LoadedTemplate[], candidate: LoadedTemplate) => [
  ...now.filter(({ ref }) => ref.name !== candidate.ref.name),
  candidate,
];

type ImpactRequest = {
  readonly estate: Estate;
  readonly line: Line;
  readonly reader: RangeReader;
  /** The release templates the line may have now, and those it might have. */
  readonly now: readonly LoadedTemplate[];
  readonly next: readonly LoadedTemplate[];
  readonly candidate: LoadedTemplate;
  readonly further?: TemplateOffer["further"];
};

export async function impactOf(request: ImpactRequest): Promise<LineImpact> {
  const { line, now, next, candidate } = request;
  const before = await planWith(request, now);
  return compare(line, candidate, before, await planWith(request, next));
}

function compare(line: Line, { ref }: LoadedTemplate, before: Planned, after: Planned): LineImpact {
  if (before instanceof ReleaseError && after instanceof ReleaseError) return { line, kind: "same" };
  if (after instanceof ReleaseError) return { line, kind: "unavailable", why: sentenceOf(after) };
  if (before instanceof ReleaseError) return { line, kind: "available", why: sentenceOf(before) };
  if (before.template.name !== ref.name && sameTemplate(before.template, after.template))
    return { line, kind: "other" };
  const difference = planDifference(before, after);
  return isSamePlan(difference) ? { line, kind: "same" } : { line, kind: "changed", difference };
}
