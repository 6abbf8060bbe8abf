/** Refuses a declaration AWS would refuse, with AWS's code and, where a recording of it is known, AWS's words. */
import type { ActionTypeId, Declaration } from "./declaration.ts";
import { validateActions } from "./validate-actions.ts";
import { validateArtifacts } from "./validate-artifacts.ts";
import { validateConditions } from "./validate-conditions.ts";
import { validateStructure } from "./validate-structure.ts";
import { validateVariables } from "./validate-variables.ts";

export type Property = {
  readonly required?: boolean;
  readonly secret?: boolean;
  readonly description?: string;
};

/** What is known of a type of action or rule. */
export type TypeInfo = {
  readonly inputs: readonly [min: number, max: number];
  readonly outputs: readonly [min: number, max: number];
  /** By configuration key; `undefined`: any key. */
  readonly properties: Readonly<Record<string, Property>> | undefined;
  /** Needs a V2 pipeline. */
  readonly v2?: boolean;
  /** What is wrong with a configuration beyond missing and unknown keys. */
  readonly check?: (
    configuration: Readonly<Record<string, string>>,
    inputs: readonly string[],
  ) => string | undefined;
};

export type Surroundings = {
  readonly region: string;
  readonly actionType: (id: ActionTypeId) => TypeInfo | undefined;
  readonly ruleType: (provider: string, version: string) => TypeInfo | undefined;
};

export function validate(declaration: Declaration, surroundings: Surroundings): void {
  validateStructure(declaration, surroundings.region);
  validateActions(declaration, surroundings);
  validateArtifacts(declaration);
  validateConditions(declaration, surroundings);
  validateVariables(declaration);
}
