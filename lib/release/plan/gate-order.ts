/**
 * Checks a plan's actions at the gates. Before the approval of an environment, its actions may only prepare, plan and
 * create change sets. After it, a change set from before it is executed with its clearance only. Planning runs the check,
 * so that no release template can act before an approval or execute something else than the approver read.
 */
import { ReleaseError } from "#release/errors/errors.ts";
import { planProject } from "#release/names/deployed-names.ts";
import type { Target } from "#release/traits/targets.ts";
import type { Action, ChangeSetAction, ExecuteAction, Plan } from "./plan.ts";
import type { Unordered } from "./plan-steps.ts";

/**
 * True for an action that changes no resource of its environment and runs no code of the team. A plan by the
 * central team's project is such an action, as long as no other buildspec replaces the project's own.
 */
export function preparesOnly(action: Action | Unordered): boolean {
  switch (action.type) {
    case "source":
    case "package":
    case "prepare":
    case "change-set":
    case "approve":
      return true;
    case "build":
      return action.project === planProject && action.buildspec === undefined;
    case "worker":
      return action.worker === "prepare";
    default:
      return false;
  }
}

/**
 * `targets` are those of the estate: a plan does not decide by itself which of them have a gate. `beforeClearances` is for
 * templates that were published before Kedge had clearances; a cloud team can withdraw them.
 */
export function checkGateOrder(
  plan: Plan,
  targets: readonly Target[],
  { beforeClearances = false }: { readonly beforeClearances?: boolean } = {},
): Plan {
  const problems = [
    ...gateProblems(plan, targets),
    ...(beforeClearances ? [] : unclearedActions(plan, targets)),
  ];
  if (problems.length === 0) return plan;
  const { name, version } = plan.template;
  throw new ReleaseError(
    "TemplateFailed",
    `The release template ${name} ${version} made a plan that gets past a gate. ${problems.join(" ")}`,
  );
}

/**
 * Returns a sentence for each action that executes a change set from before the approval without a clearance: another
 * change set could have taken its place. A change set that is made after the approval is none that an approver reads.
 */
function unclearedActions({ stages }: Pick<Plan, "stages">, targets: readonly Target[]): readonly string[] {
  const gated = new Set(targets.filter(({ approval }) => approval).map(({ environment }) => environment));
  const waiting = new Set<string>();
  const crossed = new Set<string>();
  return stages.flatMap(({ name, actions }) =>
    actions
      .toSorted((a, b) => a.order - b.order)
      .flatMap((action) => {
        if (action.type === "change-set") waiting.add(changeSetKey(action));
        if (action.type === "approve") for (const key of waiting) crossed.add(key);
        if (action.type !== "execute" || !gated.has(action.target.environment)) return [];
        if (!crossed.has(changeSetKey(action))) return [];
        return `${name}/${action.name} executes a change set from before the approval of ${action.target.environment} and compares no clearance.`;
      }),
  );
}

const changeSetKey = ({ target, stackName }: ChangeSetAction | ExecuteAction): string =>
  `${target.environment} ${stackName}`;

/** Returns a sentence for each action that acts in an environment before its approval. */
function gateProblems({ stages }: Pick<Plan, "stages">, targets: readonly Target[]): readonly string[] {
  const gated = new Map(
    targets.filter(({ approval }) => approval).map(({ environment, wave }) => [environment, wave]),
  );
  const begun = new Set<string>();
  const approved = new Set<string>();
  const problems: string[] = [];
  for (const { name, actions } of stages) {
    for (const order of ordersOf(actions)) {
      const together = actions.filter((action) => action.order === order);
      for (const action of together) {
        if (!("target" in action)) continue;
        const { environment } = action.target;
        begun.add(environment);
        if (!gated.has(environment) || approved.has(environment) || preparesOnly(action)) continue;
        problems.push(`${name}/${action.name} acts in ${environment} before its approval.`);
      }
      // Actions of one order run at the same time, so an approval opens the gate for later orders only.
      for (const action of together) {
        if (action.type !== "approve") continue;
        const { environment, wave } = action.target;
        approved.add(environment);
        // One approval of a wave covers all its environments that have been prepared by then.
        for (const [each, its] of gated) if (its === wave && begun.has(each)) approved.add(each);
      }
    }
  }
  return problems;
}

const ordersOf = (actions: readonly Action[]): readonly number[] =>
  [...new Set(actions.map(({ order }) => order))].sort((a, b) => a - b);
