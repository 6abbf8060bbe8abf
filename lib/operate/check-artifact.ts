/**
 * Plans an upload without uploading: release template, environments and stages, with the code that decides
 * it.
 */
import { assemble } from "#journey/assemble.ts";
import { environmentParameters } from "#journey/environment-parameters.ts";
import { checkFit, withProvided } from "#journey/fitting-parameters.ts";
import { judgeTemplates } from "#journey/judge-templates.ts";
import { openArtifact } from "#journey/open-artifact.ts";
import { ruleContexts } from "#journey/rule-contexts.ts";
import type { Estate } from "#release/estate/estate.ts";
import type { Line } from "#release/names/key.ts";
import type { Plan } from "#release/plan/plan.ts";
import type { Release } from "#release/plan/release.ts";
import type { Finding } from "#release/rules/findings.ts";
import type { AssembledStack } from "#release/stack/assembly.ts";
import { noParameters, type Parameters } from "#release/stack/parameters.ts";
import type { Inspection } from "#release/template/inspect.ts";
import { planArtifact } from "#release/template/plan-artifact.ts";
import type { LoadedTemplate } from "#release/template/template.ts";
import { anchorOf, type Eligibility, environmentsFor, type Target } from "#release/traits/targets.ts";
import type { RangeReader } from "#release/zip/range-reader.ts";

export type ArtifactCheck = {
  readonly anchor: string;
  readonly inspection: Inspection;
  readonly environments: readonly Eligibility[];
  readonly plan: Plan;
  /** The findings of the rules about templates. */
  readonly findings: readonly Finding[];
};

type CheckOrder = {
  readonly estate: Estate;
  readonly line: Line;
  readonly reader: RangeReader;
  readonly templates: readonly LoadedTemplate[];
};

/** Throws the `ReleaseError` that an upload would be rejected with, except for broken rules. */
export async function checkArtifact(order: CheckOrder): Promise<ArtifactCheck> {
  const { estate, line } = order;
  const anchor = anchorOf(estate, line).name;
  const { inspection, planned } = await planArtifact(order);
  const { verdicts } = environmentsFor(estate, line, inspection.manifest.traits);
  const findings = await findingsIn(order, planned.release);
  return { anchor, inspection, environments: verdicts, plan: planned.plan, findings };
}

async function findingsIn(order: CheckOrder, release: Release): Promise<readonly Finding[]> {
  const { estate, reader } = order;
  const loaded = order.templates.find(({ template }) => template.name === release.template.name);
  const artifact = await openArtifact({ reader: () => reader }, release.artifact, estate.limits);
  const { assembly, templates } = await assemble(loaded?.template ?? {}, release, artifact);
  const parameters = await environmentParameters(artifact, release);
  if (loaded?.template.configure === undefined)
    for (const target of release.targets) checkTarget(release, target, assembly.stacks, parameters);
  return judgeTemplates({ release, contexts: ruleContexts(estate, release), templates, parameters });
}

/** Throws the error of Prepare where a parameter has no value, or a value has no parameter. */
function checkTarget(
  release: Release,
  target: Target,
  stacks: readonly AssembledStack[],
  parameters: Readonly<Record<string, Parameters>>,
): void {
  const { environment } = target;
  const given = withProvided(parameters[environment] ?? noParameters, release, environment, stacks);
  checkFit(stacks, given, release, target);
}
