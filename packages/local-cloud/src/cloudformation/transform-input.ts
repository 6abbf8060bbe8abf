/** The input that every transform takes besides the template. */
import type { RunMacro } from "./macros.ts";
import type { ParameterValue } from "./parameters.ts";
import type { PseudoParameters } from "./scope.ts";

export type TransformContext = {
  readonly parameters: readonly ParameterValue[];
  readonly pseudo: PseudoParameters;
  readonly macro: RunMacro;
  /** Reads the document that an include names. */
  readonly include: (location: string) => Promise<string>;
};
