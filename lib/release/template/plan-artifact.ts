/**
 * Plans the release of an artifact for a line of the estate: it inspects the artifact with the given release
 * templates and makes the plan.
 */

import type { Estate } from "#release/estate/estate.ts";
import { formatKey, type Line } from "#release/names/key.ts";
import type { StackNaming } from "#release/names/stack-names.ts";
import type { ArtifactRef } from "#release/plan/release.ts";
import { anchorOf, environmentNames } from "#release/traits/targets.ts";
import type { RangeReader } from "#release/zip/range-reader.ts";
import { planRelease } from "./dispatch.ts";
import { type Inspection, inspectArtifact } from "./inspect.ts";
import type { TemplateOffer } from "./select-template.ts";

type PlanArtifactRequest = Omit<TemplateOffer, "defaults"> & {
  readonly estate: Estate;
  readonly line: Line;
  readonly reader: RangeReader;
  /** The uploaded object; absent for an artifact that was not uploaded. */
  readonly artifact?: ArtifactRef;
  readonly naming?: StackNaming;
};

type PlannedArtifact = {
  readonly inspection: Inspection;
  readonly planned: ReturnType<typeof planRelease>;
};

/** Throws the `ReleaseError` that names the artifact's defect or forbids its release. */
export async function planArtifact(request: PlanArtifactRequest): Promise<PlannedArtifact> {
  const { estate, line, reader, artifact = nowhere(line, reader.size), naming, ...offer } = request;
  const inspection = await inspectArtifact({
    ...offer,
    reader,
    defaults: estate.defaults.templates,
    environments: environmentNames(anchorOf(estate, line)),
    limits: estate.limits,
  });
  return {
    inspection,
    planned: planRelease({ estate, line, artifact, inspection, ...(naming && { naming }) }),
  };
}

const nowhere = (line: Line, size: number): ArtifactRef => ({
  ...{ bucket: "", versionId: "", etag: "" },
  key: formatKey(line),
  size,
});
