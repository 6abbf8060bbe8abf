/**
 * Applies the rules to the templates of a release for one environment. Package, Prepare, `kedge check` and the
 * page for approvers all call it.
 */
import type { TemplateDocument } from "#release/document/template-document.ts";
import { readResources } from "./reading/resources.ts";
import { scopeOf } from "./reading/scope.ts";
import type { Doubt } from "./reading/seen.ts";
import type { Circle, Rule, Severity, Sighting } from "./rule.ts";
import { type RuleId, ruleIds, rules } from "./rules.ts";
import type { OwnSecrets } from "./secrets.ts";

/** The environment that the templates are judged for. It is plain data, and travels with the release. */
export type RuleContext = {
  readonly environment: string;
  readonly account: string;
  readonly region: string;
  readonly circle: Circle;
  readonly secrets: OwnSecrets;
  readonly severities: Readonly<Record<RuleId, Severity>>;
};

export type JudgedTemplate = {
  /** Of the template in the artifact, for messages. */
  readonly path: string;
  readonly document: TemplateDocument;
  /** Values of its parameters in the environment. */
  readonly values: Readonly<Record<string, string>>;
  /** Parameters whose values are not known, with the reason. */
  readonly pending?: Readonly<Record<string, Doubt>>;
  /** Resources whose nested templates are judged as well. */
  readonly nested?: readonly string[];
  /** Another template nests it. */
  readonly isNested?: boolean;
};

export type Finding = {
  readonly rule: RuleId;
  readonly verdict: Exclude<Severity, "allow">;
  readonly environment: string;
  readonly template: string;
  /** The resource's logical id; empty for a finding about the whole template. */
  readonly resource: string;
  readonly type: string;
  readonly property: string;
  /** For people. It contains nothing but names, and principals and actions of policies. */
  readonly sentence: string;
  readonly undecided?: Doubt;
};

/** In the order of the templates. A rule that the environment allows finds nothing. */
export function findingsOf(templates: readonly JudgedTemplate[], context: RuleContext): readonly Finding[] {
  return templates.flatMap((template) => {
    const { account, region, circle, secrets } = context;
    const { document, values, pending = {}, nested = [], isNested = false } = template;
    const scope = scopeOf({ document, account, region, values, pending });
    const resources = readResources(scope);
    return ruleIds.flatMap((id) => {
      const verdict = context.severities[id];
      if (verdict === "allow") return [];
      const rule: Rule = rules[id];
      const about = (resource: string, type: string) => (sighting: Sighting) =>
        finding(
          { rule: id, verdict, environment: context.environment, template: template.path, resource, type },
          sighting,
        );
      return [
        ...(rule.findInTemplate?.(document, isNested) ?? []).map(about("", "")),
        ...resources.flatMap((resource) =>
          rule
            .find({ resource, scope, circle, secrets, nested })
            .map((sighting) =>
              resource.maybe === undefined ? sighting : { undecided: resource.maybe, ...sighting },
            )
            .map(about(resource.id, resource.type)),
        ),
      ];
    });
  });
}

type Location = Pick<Finding, "rule" | "verdict" | "environment" | "template" | "resource" | "type">;

function finding(location: Location, { property, seen, undecided }: Sighting): Finding {
  const subject =
    location.resource === "" ? location.template : `${location.template}: ${location.resource} (${property})`;
  const doubt = undecided === undefined ? "" : ` It cannot be decided, because ${undecided.why}.`;
  const sentence = `${subject} ${seen}.${doubt}`;
  return { ...location, property, sentence, ...(undecided && { undecided }) };
}
