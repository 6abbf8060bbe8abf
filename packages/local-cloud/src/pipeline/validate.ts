/**
 * Rejects a declaration that AWS would reject, with AWS's code and, where a recording exists, AWS's words.
 */

import type { Declaration } from "./declaration.ts";
import type { Surroundings } from "./type-info.ts";
import { validateActions } from "./validate-actions.ts";
import { validateArtifacts } from "./validate-artifacts.ts";
import { validateConditions } from "./validate-conditions.ts";
import { validateStructure } from "./validate-structure.ts";
import { validateVariables } from "./validate-variables.ts";

export function validate(declaration: Declaration, surroundings: Surroundings): void {
  validateStructure(declaration, surroundings.region);
  validateActions(declaration, surroundings);
  validateArtifacts(declaration);
  validateConditions(declaration, surroundings);
  validateVariables(declaration);
}
