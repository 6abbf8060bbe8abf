/** The stages every plan has: source, package, then one stage for each environment, as the release template fills it. */
import { artifactNames, cacheKeys, lineName, packageNamespace, pipelineName } from "./names.ts";
import { type Action, actionNames, type Plan, type Stage } from "./plan.ts";
import { applicationStacks } from "./plan-stacks.ts";
import type { Target } from "./targets.ts";
import type { PlanRequest } from "./template.ts";
import { traitsFor } from "./traits.ts";

/** An action before it has its place: the steps of a stage follow each other, those of a list stand side by side. */
export type Unordered = Action extends infer Each
  ? Each extends Action
    ? Omit<Each, "order">
    : never
  : never;
export type Steps = readonly (Unordered | readonly Unordered[])[];

export type StageContent = { readonly steps: Steps; readonly rollback?: true };

/** The plan of an artifact that is one CloudFormation template. */
export const stackPlan = (request: PlanRequest): Plan =>
  pipelinePlan(request, (target) => ({ steps: applicationStacks(request, target) }));

export function pipelinePlan(request: PlanRequest, contentOf: (target: Target) => StageContent): Plan {
  const { line, targets, settings, template } = request;
  const { release, packaged } = artifactNames;
  const key = cacheKeys.bundle(lineName(line));
  const source: Unordered = {
    type: "source",
    name: actionNames.source,
    bucket: settings.cacheBucket,
    key,
    output: release,
  };
  const pack: Unordered = {
    type: "package",
    name: actionNames.package,
    input: release,
    output: packaged,
    namespace: packageNamespace,
  };
  return {
    schema: 1,
    line,
    pipeline: pipelineName(line),
    region: settings.region,
    template,
    targets,
    stages: [
      { name: "Source", actions: inOrder([source]) },
      { name: "Package", actions: inOrder([pack]) },
      ...targets.map((target) => environmentStage(request, target, contentOf(target))),
    ],
  };
}

function environmentStage(
  { manifest }: PlanRequest,
  target: Target,
  { steps, rollback }: StageContent,
): Stage {
  const { environment } = target;
  const { window } = traitsFor(manifest.traits, environment);
  return {
    name: environment,
    environment,
    ...(window && { window }),
    ...(rollback && { rollback }),
    actions: inOrder(steps),
  };
}

const inOrder = (steps: Steps): readonly Action[] =>
  steps
    .map((step) => (Array.isArray(step) ? (step as readonly Unordered[]) : [step as Unordered]))
    .filter((step) => step.length > 0)
    .flatMap((step, index) => step.map((action): Action => ({ ...action, order: index + 1 })));
