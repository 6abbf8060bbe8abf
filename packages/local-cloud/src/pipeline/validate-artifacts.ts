/**
 * Checks artifacts and namespaces across the pipeline: an action creates each once, and only later actions
 * use it.
 */
import type { Declaration } from "./declaration.ts";
import { invalidStructure, repeated } from "./invalid.ts";

export function validateArtifacts(declaration: Declaration): void {
  const actions = declaration.stages.flatMap((stage, index) =>
    stage.actions.map((action) => ({ action, stage: index })),
  );
  const outputs = actions.flatMap(({ action }) => action.outputArtifacts.map(({ name }) => name));
  const twice = repeated(outputs);
  if (twice !== undefined) {
    throw invalidStructure(
      `Output Artifact Bundle name must be unique within the pipeline. ${twice} has been used more than once.`,
    );
  }
  for (const user of actions) {
    for (const { name } of user.action.inputArtifacts) {
      const maker = actions.find(({ action }) =>
        action.outputArtifacts.some((output) => output.name === name),
      );
      if (maker === undefined || !precedes(maker, user)) {
        throw invalidStructure(
          `Input Artifact Bundle ${name} in action ${user.action.name} is not declared as Output Artifact Bundle in any of the preceding actions`,
        );
      }
    }
  }
  const namespaces = actions.flatMap(({ action }) => action.namespace ?? []);
  const namespaceTwice = repeated(namespaces);
  if (namespaceTwice !== undefined) {
    throw invalidStructure(
      `Namespace must be unique within the pipeline. ${namespaceTwice} has been used more than once.`,
    );
  }
  const clash = namespaces.find((name) => outputs.includes(name));
  if (clash !== undefined)
    throw invalidStructure(`Namespace ${clash} cannot be the same as the name of an artifact`);
  const reserved = namespaces.find(
    (name) => name === "codepipeline" || (name === "variables" && declaration.variables),
  );
  if (reserved !== undefined)
    throw invalidStructure(`Namespace ${reserved} is reserved and cannot be used by an action`);
}

type ActionPosition = { readonly stage: number; readonly action: { readonly runOrder: number } };

/** True when `a` is in an earlier stage, or in the same stage with a lower run order. */
export const precedes = (a: ActionPosition, b: ActionPosition): boolean =>
  a.stage < b.stage || (a.stage === b.stage && a.action.runOrder < b.action.runOrder);
