/**
 * Fills in the members that a caller may leave out of a declaration. AWS returns the completed form, and so
 * does the embedded cloud.
 */
import type { PipelineDeclaration } from "@aws-sdk/client-codepipeline";
import type { Action, Condition, Declaration, Rule, Stage } from "./declaration.ts";

type Given = Partial<PipelineDeclaration>;
type GivenStage = NonNullable<Given["stages"]>[number];
type GivenCondition = NonNullable<NonNullable<GivenStage["beforeEntry"]>["conditions"]>[number];

/** Absent members stay absent. A JSON null counts as absent. */
const present = <T extends object>(value: T): T =>
  Object.fromEntries(
    Object.entries(value).filter(([, member]) => member !== undefined && member !== null),
  ) as T;

/** A member of V2 makes the pipeline V2. Without such a member AWS's API default is V1. */
export function complete(given: Given, version: number, previousType: "V1" | "V2" = "V1"): Declaration {
  const stages = (given.stages ?? []).map(completeStage);
  return present({
    ...given,
    stages,
    version,
    executionMode: given.executionMode ?? "SUPERSEDED",
    pipelineType: given.pipelineType ?? (usesV2(given) ? "V2" : previousType),
    ...(given.variables && { variables: given.variables.map(present) }),
  }) as Declaration;
}

const usesV2 = (given: Given): boolean =>
  (given.triggers?.length ?? 0) > 0 || (given.variables?.length ?? 0) > 0;

function completeStage(stage: GivenStage): Stage {
  const gate = (given: { conditions?: GivenCondition[] | undefined } | undefined) =>
    given && { ...given, ...(given.conditions && { conditions: given.conditions.map(completeCondition) }) };
  return present({
    ...stage,
    actions: (stage.actions ?? []).map(completeAction),
    beforeEntry: gate(stage.beforeEntry),
    onSuccess: gate(stage.onSuccess),
    onFailure: gate(stage.onFailure),
  }) as unknown as Stage;
}

const completeAction = (action: NonNullable<GivenStage["actions"]>[number]): Action =>
  present({
    ...action,
    runOrder: action.runOrder ?? 1,
    configuration: action.configuration ?? {},
    inputArtifacts: action.inputArtifacts ?? [],
    outputArtifacts: (action.outputArtifacts ?? []).map(present),
  }) as unknown as Action;

const completeCondition = (condition: GivenCondition): Condition =>
  present({
    ...condition,
    rules: (condition.rules ?? []).map(
      (rule) =>
        present({
          ...rule,
          ruleTypeId: { owner: "AWS", version: "1", ...rule.ruleTypeId },
          configuration: rule.configuration ?? {},
          inputArtifacts: rule.inputArtifacts ?? [],
        }) as unknown as Rule,
    ),
  }) as unknown as Condition;
