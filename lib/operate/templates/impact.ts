/**
 * What a version of a release template would change, before anybody has it: every live line is inspected and planned
 * with the version it has and with the new one, and the two plans are compared.
 */
import { GetObjectCommand, HeadObjectCommand } from "@aws-sdk/client-s3";
import { readResult } from "#bin/commands/read-result.ts";
import { ReleaseError } from "#release/errors/errors.ts";
import type { Estate } from "#release/estate/estate.ts";
import { formatKey, type Line } from "#release/names/key.ts";
import type { Plan } from "#release/plan/plan.ts";
import { isSamePlan, type PlanDifference, planDifference } from "#release/plan/plan-difference.ts";
import { planArtifact } from "#release/template/plan-artifact.ts";
import type { TemplateOffer } from "#release/template/select-template.ts";
import type { LoadedTemplate } from "#release/template/template.ts";
import { furtherVersions, isHeld, versionFor } from "#release/template/template-choice.ts";
import { sameTemplate } from "#release/template/template-index.ts";
import type { RangeReader } from "#release/zip/range-reader.ts";
import type { Central } from "./central.ts";
import { evaluateModule } from "./evaluate.ts";
import { inBatches } from "./in-batches.ts";
import type { LiveLine } from "./live-lines.ts";

/** `other`: the line is released with another template, before and after. */
export type LineImpact =
  | { readonly line: Line; readonly kind: "other" | "same" }
  | { readonly line: Line; readonly kind: "changed"; readonly difference: PlanDifference }
  /** It could be released, and no longer can; or the other way round. */
  | { readonly line: Line; readonly kind: "unavailable" | "available"; readonly why: string };

export async function impactOn(
  central: Central,
  lines: readonly LiveLine[],
  candidate: LoadedTemplate,
  onLine: (done: number) => void = () => undefined,
): Promise<readonly LineImpact[]> {
  const { estate } = central;
  const index = await central.registry.index();
  const load = modules(central);
  let done = 0;
  return inBatches(lines, async ({ line }): Promise<LineImpact> => {
    const own = (await readResult(central.s3, central.artifacts, line, "latest"))?.template;
    const refs = index.templates.flatMap(({ name }) => {
      const mine = own?.name === name ? { own } : {};
      return versionFor({ index, estate, line, name, ...mine }) ?? [];
    });
    const now = await Promise.all(refs.map(load));
    // Where the estate has chosen, the candidate does not come.
    const next = isHeld(estate, line, candidate.ref.name) ? now : withCandidate(now, candidate);
    const versions = (name: string) => furtherVersions({ index, estate, line, name });
    const impact = await impactOf({
      ...{ estate, line, now, next, candidate },
      reader: await readerOf(central, line),
      further: { versions, load },
    });
    done += 1;
    onLine(done);
    return impact;
  });
}

export type ImpactRequest = {
  readonly estate: Estate;
  readonly line: Line;
  readonly reader: RangeReader;
  /** The release templates the line may have now, and those it might have. */
  readonly now: readonly LoadedTemplate[];
  readonly next: readonly LoadedTemplate[];
  readonly candidate: LoadedTemplate;
  readonly further?: TemplateOffer["further"];
};

const withCandidate = (now: readonly LoadedTemplate[], candidate: LoadedTemplate) => [
  ...now.filter(({ ref }) => ref.name !== candidate.ref.name),
  candidate,
];

export async function impactOf(request: ImpactRequest): Promise<LineImpact> {
  const { line, now, next, candidate } = request;
  const before = await planWith(request, now);
  return compare(line, candidate, before, await planWith(request, next));
}

type Planned = Plan | ReleaseError;

function compare(line: Line, { ref }: LoadedTemplate, before: Planned, after: Planned): LineImpact {
  if (before instanceof ReleaseError && after instanceof ReleaseError) return { line, kind: "same" };
  if (after instanceof ReleaseError) return { line, kind: "unavailable", why: said(after) };
  if (before instanceof ReleaseError) return { line, kind: "available", why: said(before) };
  if (before.template.name !== ref.name && sameTemplate(before.template, after.template))
    return { line, kind: "other" };
  const difference = planDifference(before, after);
  return isSamePlan(difference) ? { line, kind: "same" } : { line, kind: "changed", difference };
}

const said = ({ code, message }: ReleaseError): string => `${code}: ${message}`;

async function planWith(
  { estate, line, reader, further }: ImpactRequest,
  templates: readonly LoadedTemplate[],
): Promise<Planned> {
  try {
    const request = { estate, line, reader, templates, ...(further && { further }) };
    return (await planArtifact(request)).planned.plan;
  } catch (error) {
    if (error instanceof ReleaseError) return error;
    throw error;
  }
}

async function readerOf({ s3, artifacts }: Central, line: Line): Promise<RangeReader> {
  const at = { Bucket: artifacts, Key: formatKey(line) };
  const { ContentLength = 0, VersionId } = await s3.send(new HeadObjectCommand(at));
  const held = new Map<string, Promise<Uint8Array>>(); // both plans read the same ranges
  return {
    size: ContentLength,
    read: (start, end) => {
      if (end <= start) return Promise.resolve(new Uint8Array(0));
      const Range = `bytes=${start}-${end - 1}`;
      const reading = held.get(Range) ?? read(s3, { ...at, VersionId, Range });
      held.set(Range, reading);
      return reading;
    },
  };
}

async function read(s3: Central["s3"], input: GetObjectCommand["input"]): Promise<Uint8Array> {
  const { Body } = await s3.send(new GetObjectCommand(input));
  return (await Body?.transformToByteArray()) ?? new Uint8Array(0);
}

function modules({ registry }: Central): (ref: LoadedTemplate["ref"]) => Promise<LoadedTemplate> {
  const held = new Map<string, Promise<LoadedTemplate>>();
  return (ref) => {
    const loading = held.get(ref.sha256) ?? registry.module(ref).then(evaluateModule);
    held.set(ref.sha256, loading);
    return loading;
  };
}
