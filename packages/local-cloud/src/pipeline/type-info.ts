/** The facts about action types and rule types that a declaration is checked against. */
import type { ActionTypeId } from "./declaration.ts";

type Property = {
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
