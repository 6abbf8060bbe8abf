/**
 * Adds the comparison of uploader and approver to a plan, after each approval of an environment whose duties are
 * separate. It is added to the finished plan, so no release template can leave it out.
 */
import { artifactNames } from "#release/names/names.ts";
import { appStackName } from "#release/names/stack-names.ts";
import type { Target } from "#release/traits/targets.ts";
import { type Action, actionNames, type Plan, type Stage, type WorkerAction } from "./plan.ts";

export const withSeparateDuties = (plan: Plan): Plan => ({
  ...plan,
  stages: plan.stages.map((stage) => separated(stage, plan)),
});

function separated(stage: Stage, { line, targets }: Pick<Plan, "line" | "targets">): Stage {
  const approval = stage.actions.find(({ type }) => type === "approve");
  if (approval === undefined) return stage;
  const here = targetsIn(stage, targets);
  const compared = here.filter((target) => !executesNext(stage, approval.order, target));
  if (compared.length === 0) return stage;
  const comparisons = compared.map(
    (target): WorkerAction => ({
      ...{ type: "worker", worker: "execute", target, order: approval.order + 1 },
      name: nameIn(stage, target),
      stackName: appStackName(target, line),
      input: artifactNames.prepared(target.environment),
      parameters: {},
    }),
  );
  const [before, after] = [
    stage.actions.filter(({ order }) => order <= approval.order),
    stage.actions.filter(({ order }) => order > approval.order),
  ];
  return {
    ...stage,
    actions: [...before, ...comparisons, ...after.map((action) => ({ ...action, order: action.order + 1 }))],
  };
}

const nameIn = ({ name }: Stage, { environment }: Target): string =>
  name === environment ? actionNames.duties : `${actionNames.duties}.${environment}`;

/** The environments with separate duties that have actions in the stage. */
function targetsIn({ actions }: Stage, targets: readonly Target[]): readonly Target[] {
  const names = new Set(actions.flatMap((action) => ("target" in action ? [action.target.environment] : [])));
  return targets.filter(
    ({ environment, separateDuties }) => separateDuties !== undefined && names.has(environment),
  );
}

/** Execute compares by itself, so an environment whose first actions all execute needs no further action. */
function executesNext({ actions }: Stage, approved: number, { environment }: Target): boolean {
  const own = actions.filter(
    (action): action is Extract<Action, { readonly target: Target }> =>
      "target" in action && action.order > approved && action.target.environment === environment,
  );
  const first = Math.min(...own.map(({ order }) => order));
  return own.filter(({ order }) => order === first).every(({ type }) => type === "execute-cleared");
}
