/**
 * Checks the conditions of stages: the results a hook may have, the rules, and the combinations that AWS
 * excludes.
 */
import { conditionOf, type Declaration, type Hook, hooks, type Stage } from "./declaration.ts";
import { invalidStage, repeated } from "./invalid.ts";
import type { Surroundings } from "./type-info.ts";
import { validateConfiguration } from "./validate-actions.ts";

const results: Readonly<Record<Hook, readonly string[]>> = {
  beforeEntry: ["FAIL", "SKIP"],
  onSuccess: ["FAIL", "ROLLBACK"],
  onFailure: ["ROLLBACK"],
};
const skipRules = ["LambdaInvoke", "VariableCheck"];

export function validateConditions(declaration: Declaration, surroundings: Surroundings): void {
  declaration.stages.forEach((stage, index) => {
    for (const hook of hooks) validateHook(stage, hook, surroundings);
    validateFailure(declaration, stage, index);
  });
}

function validateHook(stage: Stage, hook: Hook, { ruleType }: Surroundings): void {
  const condition = conditionOf(stage, hook);
  if (condition === undefined) return;
  const twice = repeated(condition.rules.map(({ name }) => name));
  if (twice !== undefined)
    throw invalidStage(`Rule name '${twice}' is used more than once in stage '${stage.name}'`);
  if (condition.result === undefined || !results[hook].includes(condition.result)) {
    throw invalidStage(
      `The result ${condition.result ?? "(none)"} is not valid for the ${hook} condition of stage '${stage.name}': it must be one of ${results[hook].join(", ")}`,
    );
  }
  for (const rule of condition.rules) {
    const { provider, version } = rule.ruleTypeId;
    const type = ruleType(provider, version);
    if (type === undefined) {
      throw invalidStage(
        `RuleType (Category: 'Rule', Provider: '${provider}', Owner: 'AWS', Version: '${version}') in rule '${rule.name}' is not available`,
      );
    }
    if (condition.result === "SKIP" && !skipRules.includes(provider)) {
      throw invalidStage(
        `Rule '${rule.name}' of stage '${stage.name}' cannot be used with the result SKIP: only ${skipRules.join(" and ")} rules can`,
      );
    }
    if (provider === "Commands" && (rule.commands?.length ?? 0) === 0) {
      throw invalidStage(`Rule ${rule.name} must have a non-empty commands field`);
    }
    validateConfiguration(rule, type, "Rule");
  }
}

function validateFailure(declaration: Declaration, stage: Stage, index: number): void {
  const failure = stage.onFailure;
  const condition = conditionOf(stage, "onFailure");
  if (failure?.result !== undefined && condition !== undefined) {
    throw invalidStage(
      `The following stage cannot have a failure exit gate configured with both top level result and conditions: '${stage.name}`,
    );
  }
  if (failure?.result !== undefined && failure.result !== "ROLLBACK" && failure.result !== "RETRY") {
    throw invalidStage(
      `The result ${failure.result} is not valid for the failure of stage '${stage.name}': it must be one of ROLLBACK, RETRY`,
    );
  }
  if (failure?.retryConfiguration !== undefined && failure.result !== "RETRY") {
    throw invalidStage(`The retry configuration of stage '${stage.name}' needs the result RETRY`);
  }
  const rollsBack =
    failure?.result === "ROLLBACK" ||
    condition?.result === "ROLLBACK" ||
    conditionOf(stage, "onSuccess")?.result === "ROLLBACK";
  if (!rollsBack) return;
  if (declaration.executionMode === "PARALLEL") {
    throw invalidStage(
      "Failure conditions with rollback result type cannot be added to a PARALLEL pipeline.",
    );
  }
  if (index === 0) throw invalidStage(`The source stage '${stage.name}' cannot be rolled back`);
}
