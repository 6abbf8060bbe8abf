/** Checks a template's Rules, which are assertions over parameters, before the stack creates a resource. */
import { truth } from "./condition-functions.ts";
import { resolve } from "./intrinsics.ts";
import { isList, isObject, type JsonObject } from "./json.ts";
import type { Scope } from "./scope.ts";
import { validationError } from "./template-error.ts";

export function checkRules(rules: Readonly<Record<string, JsonObject>>, scope: Scope): void {
  for (const [name, rule] of Object.entries(rules)) {
    const condition = rule["RuleCondition"];
    const applies = condition === undefined || truth(condition, (value) => resolve(value, scope), scope);
    const assertions = rule["Assertions"];
    if (!applies || !isList(assertions)) continue;
    for (const assertion of assertions) {
      if (!isObject(assertion)) continue;
      if (truth(assertion["Assert"] ?? null, (value) => resolve(value, scope), scope)) continue;
      const reason = assertion["AssertDescription"];
      throw validationError(
        `Template validation error: Rule ${name} failed for parameter constraint${typeof reason === "string" ? `: ${reason}` : ""}`,
      );
    }
  }
}
