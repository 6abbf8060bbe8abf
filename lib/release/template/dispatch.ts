/**
 * Turns an inspected artifact into its release and its plan: the targets, the actions, and the plan's digest.
 */

import { ReleaseError } from "#release/errors/errors.ts";
import type { Anchor, Estate } from "#release/estate/estate.ts";
import { cacheBucket } from "#release/names/deployed-names.ts";
import type { Line } from "#release/names/key.ts";
import { pipelineName } from "#release/names/names.ts";
import { type StackNaming, stackName } from "#release/names/stack-names.ts";
import { checkGateOrder } from "#release/plan/gate-order.ts";
import type { Plan } from "#release/plan/plan.ts";
import { checkPlan, planDigest } from "#release/plan/plan-limits.ts";
import type { ArtifactRef, Release } from "#release/plan/release.ts";
import { withSeparateDuties } from "#release/plan/separate-duties.ts";
import { environmentsFor, requireTargets, type Target } from "#release/traits/targets.ts";
import type { Inspection } from "./inspect.ts";
import { checkSettings } from "./settings-check.ts";

type DispatchRequest = {
  readonly estate: Estate;
  readonly line: Line;
  readonly artifact: ArtifactRef;
  readonly inspection: Pick<Inspection, "template" | "manifest"> & Partial<Pick<Inspection, "settings">>;
  /** The names that the line's stacks have. Absent for a line without stacks. */
  readonly naming?: StackNaming;
};

/** Throws the `ReleaseError` that forbids the release. */
export function planRelease({
  estate,
  line,
  artifact,
  inspection,
  naming,
}: DispatchRequest): Extract<Dispatch, { ok: true }> {
  const { manifest, template } = inspection;
  const reach = requireTargets(environmentsFor(estate, line, manifest.traits), line);
  const { anchor } = reach;
  checkSettings(template.template, manifest.traits, anchor.environments, inspection.settings);
  const settings = { region: anchor.region, cacheBucket: cacheBucket(anchor.account, anchor.region) };
  const planFor = (targets: readonly Target[]): Named => ({
    targets,
    plan: withSeparateDuties(
      template.template.plan({ line, manifest, targets, settings, template: template.ref }),
    ),
  });
  const { plan, targets } = named(line, reach.targets, naming, planFor);
  checkGateOrder(checkPlan(plan), targets, { beforeClearances: template.unsigned === true });
  const { bucket, key, versionId, size, etag } = artifact;
  return {
    ok: true,
    plan,
    naming: targets.some(({ stack }) => stack !== undefined) ? "short" : "long",
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

type Named = { readonly plan: Plan; readonly targets: readonly Target[] };

/**
 * Release templates before 1.1.0 know long names only, and their plans show it in the pipeline's name. A line with
 * short names cannot have such a template, because its next release would make new stacks beside its own.
 */
function named(
  line: Line,
  targets: readonly Target[],
  naming: StackNaming | undefined,
  planFor: (targets: readonly Target[]) => Named,
): Named {
  if (naming === "long") return planFor(targets);
  const short = planFor(targets.map((target) => ({ ...target, stack: stackName(target.environment, line) })));
  if (short.plan.pipeline === pipelineName(line)) return short;
  if (naming === undefined) return planFor(targets);
  const { name, version } = short.plan.template;
  const seen = `The line's stacks have names that ${name}@${version} does not know.`;
  throw new ReleaseError("TemplateTooOld", seen);
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
  | {
      readonly ok: true;
      readonly release: Release;
      readonly plan: Plan;
      readonly digest: string;
      readonly naming: StackNaming;
    }
  | { readonly ok: false; readonly error: ReleaseError };
