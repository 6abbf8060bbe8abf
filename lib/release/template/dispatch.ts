/**
 * Turns an inspected artifact into its release and its plan: the targets, the actions, and the plan's digest.
 */

import type { ReleaseError } from "#release/errors/errors.ts";
import type { Anchor, Estate } from "#release/estate/estate.ts";
import { cacheBucket } from "#release/names/deployed-names.ts";
import type { Line } from "#release/names/key.ts";
import { checkGateOrder } from "#release/plan/gate-order.ts";
import type { Plan } from "#release/plan/plan.ts";
import { checkPlan, planDigest } from "#release/plan/plan-limits.ts";
import type { ArtifactRef, Release } from "#release/plan/release.ts";
import { environmentsFor, requireTargets, type Target } from "#release/traits/targets.ts";
import type { Inspection } from "./inspect.ts";
import { checkSettings } from "./settings-check.ts";

type DispatchRequest = {
  readonly estate: Estate;
  readonly line: Line;
  readonly artifact: ArtifactRef;
  readonly inspection: Pick<Inspection, "template" | "manifest"> & Partial<Pick<Inspection, "settings">>;
};

/** Throws the `ReleaseError` that forbids the release. */
export function planRelease({
  estate,
  line,
  artifact,
  inspection,
}: DispatchRequest): Extract<Dispatch, { ok: true }> {
  const { manifest, template } = inspection;
  const { anchor, targets } = requireTargets(environmentsFor(estate, line, manifest.traits), line);
  checkSettings(template.template, manifest.traits, anchor.environments, inspection.settings);
  const settings = { region: anchor.region, cacheBucket: cacheBucket(anchor.account, anchor.region) };
  const plan = checkGateOrder(
    checkPlan(template.template.plan({ line, manifest, targets, settings, template: template.ref })),
    targets,
  );
  const { bucket, key, versionId, size, etag } = artifact;
  return {
    ok: true,
    plan,
    digest: planDigest(plan),
    release: {
      schema: 1,
      line,
      artifact: { bucket, key, versionId, size, etag },
      template: template.ref,
      manifest,
      targets,
      provided: providedBy(anchor, targets),
    },
  };
}

/** They stand beside the plan, not in it: a changed value is no changed pipeline. */
function providedBy({ environments }: Anchor, targets: readonly Target[]): Release["provided"] {
  const reached = targets.map(({ environment }) => environment);
  return Object.fromEntries(
    environments
      .filter(({ name, parameters }) => reached.includes(name) && Object.keys(parameters).length > 0)
      .map(({ name, parameters }) => [name, parameters]),
  );
}
/** The outcome of reading the newest artifact and planning its release. */
export type Dispatch =
  | { readonly ok: true; readonly release: Release; readonly plan: Plan; readonly digest: string }
  | { readonly ok: false; readonly error: ReleaseError };
