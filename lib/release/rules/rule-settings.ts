/** Computes the severity of each rule in an environment: the rule's own, or the one of the estate. */
import { described, object, oneOf, optional, type Shape } from "#release/document/shape.ts";
import { type Rule, type Severity, severities } from "./rule.ts";
import { type RuleId, ruleIds, rules } from "./rules.ts";

export type RuleSettings = { readonly [Id in RuleId]?: Severity };

export const ruleSettingsShape: Shape<RuleSettings> = object(
  Object.fromEntries(
    ruleIds.map((id) => [id, optional(described(rules[id].says, oneOf(...severities)))]),
  ) as Record<RuleId, ReturnType<typeof optional<Severity>>>,
);

export const severitiesFor = (environment: {
  readonly protected: boolean;
  readonly approval: boolean;
  readonly rules?: RuleSettings;
}): Readonly<Record<RuleId, Severity>> =>
  Object.fromEntries(
    ruleIds.map((id) => {
      const { gated, ...severity }: Rule["severity"] = rules[id].severity;
      const own = severity[environment.protected ? "protected" : "others"];
      if (environment.approval && gated !== undefined) return [id, environment.rules?.[id] ?? gated];
      return [id, environment.rules?.[id] ?? own];
    }),
  ) as Record<RuleId, Severity>;
