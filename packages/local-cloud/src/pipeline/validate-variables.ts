/**
 * Checks pipeline variables and references: their format, and that each names a value that exists by then.
 */
import type { Action, Declaration } from "./declaration.ts";
import { invalidStructure, repeated } from "./invalid.ts";
import { precedes } from "./validate-artifacts.ts";
import { malformedIn, referencesIn } from "./variables.ts";

export function validateVariables(declaration: Declaration): void {
  const names = (declaration.variables ?? []).map(({ name }) => name);
  const twice = repeated(names);
  if (twice !== undefined) {
    throw invalidStructure(
      `Variable names must be unique. The following variable name is already in use: ${twice}`,
    );
  }
  const actions = declaration.stages.flatMap((stage, index) =>
    stage.actions.map((action) => ({ action, stage: index })),
  );
  const malformed = actions.flatMap(({ action }) => textsOf(action).flatMap(malformedIn));
  if (malformed.length > 0) {
    throw invalidStructure(
      `Valid format for a pipeline execution variable reference is a namespace and a key separated by a period (.). The following pipeline execution variables are referenced in a wrong format: ${malformed.join(", ")}`,
    );
  }
  for (const user of actions) {
    for (const { namespace, key } of textsOf(user.action).flatMap(referencesIn)) {
      const invalidReference = (why: string) =>
        invalidStructure(`Action ${user.action.name} references the variable #{${namespace}.${key}}, ${why}`);
      if (namespace === "codepipeline") {
        if (key !== "PipelineExecutionId")
          throw invalidReference("but the only key of the namespace codepipeline is PipelineExecutionId");
      } else if (namespace === "variables" && declaration.variables !== undefined) {
        if (user.stage === 0)
          throw invalidReference("but pipeline variables cannot be used in source actions");
        if (!names.includes(key)) throw invalidReference("but the pipeline declares no such variable");
      } else if (!actions.some((maker) => maker.action.namespace === namespace && precedes(maker, user))) {
        throw invalidReference("but no preceding action has that namespace");
      }
    }
  }
}

/** Returns the texts in which AWS resolves references. */
const textsOf = (action: Action): readonly string[] => [
  ...Object.values(action.configuration),
  ...(action.commands ?? []),
  ...(action.environmentVariables ?? []).map(({ value }) => value),
];
