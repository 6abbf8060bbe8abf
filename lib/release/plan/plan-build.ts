/** The stages every plan has: source, package, then one stage for each environment, as the release template fills it. */

import { artifactNames, cacheKeys, lineName, packageNamespace, pipelineName } from "#release/names/names.ts";
import type { Target } from "#release/traits/targets.ts";
import { traitsFor } from "#release/traits/traits.ts";
import { actionNames, type Plan } from "./plan.ts";
import { withMigrations } from "./plan-migrations.ts";
import type { PlanRequest } from "./plan-request.ts";
import { applicationStacks } from "./plan-stacks.ts";
import type { StageContent, Unordered } from "./plan-steps.ts";
import { type EnvironmentStage, inOrder, stagesOf } from "./plan-waves.ts";

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
      ...stagesOf(
        targets.map((target) => ({
          target,
          ...windowOf(request, target),
          ...withMigrations(request, target, contentOf(target)),
        })),
      ),
    ],
  };
}

function windowOf({ manifest }: PlanRequest, target: Target): Pick<EnvironmentStage, "window"> {
  const { window } = traitsFor(manifest.traits, target);
  return window === undefined ? {} : { window };
}
