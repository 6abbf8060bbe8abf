/** Plans an artifact with a release template, so that the plan can be drawn. */
import type { Line } from "#release/names/key.ts";
import type { Plan } from "#release/plan/plan.ts";
import { planArtifact } from "#release/template/plan-artifact.ts";
import type { RangeReader } from "#release/zip/range-reader.ts";
import { loadCandidate } from "./candidate.ts";
import type { CandidateDeps, LinesDeps } from "./deps.ts";

type DrawOrder = { readonly wanted: string; readonly line: Line; readonly reader: RangeReader };

export async function planWithTemplate(
  deps: CandidateDeps & Pick<LinesDeps, "estate">,
  { wanted, line, reader }: DrawOrder,
): Promise<Plan> {
  const loaded = await loadCandidate(deps, wanted);
  const estate = await deps.estate.load();
  return (await planArtifact({ estate, line, reader, templates: [loaded] })).planned.plan;
}
