/** Compares two plans of a line: stages, actions, environments, and the permissions that they need. */
import { canonicalJson } from "#release/names/digest.ts";
import type { Action, Plan } from "./plan.ts";

export type PlanDifference = {
  readonly environments: Change;
  readonly stages: Change;
  /** Actions by `stage/action`; a changed action has the list of its changed fields. */
  readonly actions: Change & { readonly changed: readonly string[] };
  readonly permissions: Change;
};

type Change = { readonly added: readonly string[]; readonly removed: readonly string[] };

export function planDifference(before: Plan, after: Plan): PlanDifference {
  const [old, now] = [actionsOf(before), actionsOf(after)];
  const changed = [...now].flatMap(([location, action]) => {
    const was = old.get(location);
    return was === undefined ? [] : fieldsChanged(was, action).map((field) => `${location}: ${field}`);
  });
  return {
    environments: change(
      before.targets.map(({ environment }) => environment),
      after.targets.map(({ environment }) => environment),
    ),
    stages: change(
      before.stages.map(({ name }) => name),
      after.stages.map(({ name }) => name),
    ),
    actions: { ...change([...old.keys()], [...now.keys()]), changed },
    permissions: change(permissionsOf(before), permissionsOf(after)),
  };
}

/** True when nothing but the template's version differs. */
export const isSamePlan = ({ environments, stages, actions, permissions }: PlanDifference): boolean =>
  [environments, stages, actions, permissions].every(
    ({ added, removed }) => added.length === 0 && removed.length === 0,
  ) && actions.changed.length === 0;

const change = (before: readonly string[], after: readonly string[]): Change => ({
  added: after.filter((each) => !before.includes(each)),
  removed: before.filter((each) => !after.includes(each)),
});

const actionsOf = ({ stages }: Plan): ReadonlyMap<string, Action> =>
  new Map(
    stages.flatMap(({ name, actions }) =>
      actions.map((action) => [`${name}/${action.name}`, action] as const),
    ),
  );

function fieldsChanged(before: Action, after: Action): readonly string[] {
  const [old, now] = [before, after].map((action): Readonly<Record<string, unknown>> => ({ ...action }));
  const names = [...new Set([...Object.keys(old ?? {}), ...Object.keys(now ?? {})])];
  return names
    .filter((name) => canonicalJson(old?.[name] ?? null) !== canonicalJson(now?.[name] ?? null))
    .map((name) => `${name} ${shown(old?.[name])} → ${shown(now?.[name])}`);
}

const shown = (value: unknown): string => {
  const text = typeof value === "string" ? value : JSON.stringify(value ?? null);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
};

/** The permissions that the plan needs, with their environment and account. */
const permissionsOf = ({ stages }: Plan): readonly string[] => [
  ...new Set(stages.flatMap(({ actions }) => actions.flatMap(neededBy))),
];

function neededBy(action: Action): readonly string[] {
  if (!("target" in action)) return [];
  const where = `in ${action.target.environment} (${action.target.account})`;
  switch (action.type) {
    case "change-set":
    case "deploy":
      return [`deploy stacks ${where}`, ...action.capabilities.map((each) => `${each} ${where}`)];
    case "execute-cleared":
      return [`deploy stacks ${where}`];
    case "build":
      return [`run the project ${action.project} ${where}`];
    case "lambda-deploy":
      return [`move ${action.functionName}:${action.alias} ${where}`];
    case "eks-deploy":
      return [`deploy to the cluster ${action.cluster} ${where}`];
    case "worker":
      return [`${action.worker} ${where}`];
    default:
      return [];
  }
}
