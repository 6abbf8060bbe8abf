/** What a line of the estate would be released as with these release templates: its artifact, inspected and planned. */

import type { Estate } from "#release/estate/estate.ts";
import { formatKey, type Line } from "#release/names/key.ts";
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
  /** Where it was uploaded; absent for one that was not. */
  readonly artifact?: ArtifactRef;
};

type PlannedArtifact = {
  readonly inspection: Inspection;
  readonly planned: ReturnType<typeof planRelease>;
};

/** Throws the `ReleaseError` that says what is wrong with the artifact, or forbids its release. */
export async function planArtifact(request: PlanArtifactRequest): Promise<PlannedArtifact> {
  const { estate, line, reader, artifact = nowhere(line, reader.size), ...offer } = request;
  const inspection = await inspectArtifact({
    ...offer,
    reader,
    defaults: estate.defaults.templates,
    environments: environmentNames(anchorOf(estate, line)),
    limits: estate.limits,
  });
  return { inspection, planned: planRelease({ estate, line, artifact, inspection }) };
}

const nowhere = (line: Line, size: number): ArtifactRef => ({
  ...{ bucket: "", versionId: "", etag: "" },
  key: formatKey(line),
  size,
});
