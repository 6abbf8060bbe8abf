/** Defines the facts about action types and rule types against which a declaration is checked. */
import type { ActionTypeId } from "./declaration.ts";

type Property = {
  readonly required?: boolean;
  readonly secret?: boolean;
  readonly description?: string;
};

/** The facts about a type of action or rule. */
export type TypeInfo = {
  readonly inputs: readonly [min: number, max: number];
  readonly outputs: readonly [min: number, max: number];
  /** By configuration key. Undefined: any key is allowed. */
  readonly properties: Readonly<Record<string, Property>> | undefined;
  /** True when the type needs a V2 pipeline. */
  readonly v2?: boolean;
  /** Returns the fault of a configuration beyond missing and unknown keys, if any. */
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
