/**
 * Plans an upload without uploading: release template, environments and stages, with the code that decides
 * it.
 */
import type { Estate } from "#release/estate/estate.ts";
import type { Line } from "#release/names/key.ts";
import type { Plan } from "#release/plan/plan.ts";
import type { Inspection } from "#release/template/inspect.ts";
import { planArtifact } from "#release/template/plan-artifact.ts";
import type { LoadedTemplate } from "#release/template/template.ts";
import { anchorOf, type Eligibility, environmentsFor } from "#release/traits/targets.ts";
import type { RangeReader } from "#release/zip/range-reader.ts";

export type ArtifactCheck = {
  readonly anchor: string;
  readonly inspection: Inspection;
  readonly environments: readonly Eligibility[];
  readonly plan: Plan;
};

type CheckOrder = {
  readonly estate: Estate;
  readonly line: Line;
  readonly reader: RangeReader;
  readonly templates: readonly LoadedTemplate[];
};

/** Throws the `ReleaseError` that an upload would be rejected with. */
export async function checkArtifact(order: CheckOrder): Promise<ArtifactCheck> {
  const { estate, line } = order;
  const anchor = anchorOf(estate, line).name;
  const { inspection, planned } = await planArtifact(order);
  const { verdicts } = environmentsFor(estate, line, inspection.manifest.traits);
  return { anchor, inspection, environments: verdicts, plan: planned.plan };
}
