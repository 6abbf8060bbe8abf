/**
 * Lists the grants that a resource gives: statements of policies in any property, managed policies, policy templates and
 * connectors of SAM, permissions in a flat form, and rules of security groups.
 */
import { isObject, type PlainObject, type PlainValue } from "#release/document/template-document.ts";
import { jsonIn } from "#release/rules/reading/json-text.ts";
import type { ReadResource } from "#release/rules/reading/resources.ts";
import type { Scope } from "#release/rules/reading/scope.ts";
import { type Seen, textOf } from "#release/rules/reading/seen.ts";
import { itemsOf, valuesOf } from "#release/rules/reading/values.ts";
import { attachmentGrants } from "./attachment-grants.ts";
import { type Grant, grant, shownText, textsAt } from "./grant.ts";
import { ingressGrants } from "./ingress-grants.ts";
import { listed, widestFirst, worstOf } from "./severity.ts";

export function grantsOf(resource: ReadResource, scope: Scope): readonly Grant[] {
  const statements = statementGrants({ value: resource.properties }, scope);
  return [
    ...statements,
    ...managedPolicies(resource, scope),
    ...attachmentGrants(resource, statements, scope),
    ...flatGrants(resource, scope),
    ...ingressGrants(resource, scope),
  ];
}

/** Every statement of every policy document, at any depth, also in a text of JSON. */
function statementGrants(seen: Seen, scope: Scope): readonly Grant[] {
  const { value } = seen;
  if (typeof value === "string") {
    const parsed = /"(Statement|Effect)"/.test(value) ? jsonIn(value) : undefined;
    return parsed === undefined ? [] : statementGrants({ value: parsed }, scope);
  }
  const below = (inner: PlainValue): readonly Grant[] =>
    valuesOf(inner, scope).flatMap((each) => statementGrants(each, scope));
  if (Array.isArray(value)) return (value as readonly PlainValue[]).flatMap(below);
  if (!isObject(value)) return [];
  if ("Effect" in value && ("Action" in value || "NotAction" in value)) return [statementGrant(value, scope)];
  return Object.values(value).flatMap(below);
}

function statementGrant(statement: PlainObject, scope: Scope): Grant {
  const actions = textsAt(statement["Action"] ?? statement["NotAction"], scope);
  const except = statement["Action"] === undefined ? "everything except " : "";
  const on = (name: string, word: string): string => {
    const [given, negated] = [statement[name], statement[`Not${name}`]];
    if (given === undefined && negated === undefined) return "";
    const texts =
      name === "Principal" ? principalsIn(given ?? negated, scope) : textsAt(given ?? negated, scope);
    return ` ${word} ${given === undefined ? "everything except " : ""}${listed(texts, widestFirst)}`;
  };
  const when = statement["Condition"] === undefined ? "" : " under a condition";
  const sentence = `allows ${except}${listed(actions)}${on("Resource", "on")}${on("Principal", "to")}${when}`;
  const denies = valuesOf(statement["Effect"], scope).every((seen) => textOf(seen) === "Deny");
  const made = grant(statement, except === "" ? worstOf(actions) : 0, sentence);
  if (!denies) return made;
  return { ...made, sentence: sentence.replace("allows", "no longer denies"), denies };
}

const principalsIn = (principal: PlainValue | undefined, scope: Scope): readonly string[] =>
  valuesOf(principal, scope).flatMap((seen) =>
    isObject(seen.value)
      ? Object.values(seen.value).flatMap((given) => textsAt(given, scope))
      : [shownText(seen)],
  );

/** Policies by their ARN or name, and SAM's policy templates. */
function managedPolicies({ properties }: ReadResource, scope: Scope): readonly Grant[] {
  return ["ManagedPolicyArns", "Policies"].flatMap((property) =>
    itemsOf(properties[property], scope).flatMap((seen): readonly Grant[] => {
      const { value } = seen;
      if (!isObject(value)) {
        const name = shownText(seen);
        const severity = /Admin|FullAccess|PowerUser|…/.test(name) ? 1 : 3;
        return [grant(value, severity, `attaches the managed policy ${name}`)];
      }
      const [template, ...more] = Object.keys(value);
      if (template === undefined || more.length > 0 || !/Policy$/.test(template)) return [];
      const given = isObject(value[template]) ? value[template] : {};
      const settings = Object.entries(given).map(
        ([name, inner]) => `${name} ${textsAt(inner, scope).join(", ")}`,
      );
      const on = settings.length === 0 ? "" : ` (${listed(settings, () => 0)})`;
      return [grant(value, /Crud|Write|Full/.test(template) ? 3 : 4, `has SAM's policy ${template}${on}`)];
    }),
  );
}

function flatGrants({ type, properties }: ReadResource, scope: Scope): readonly Grant[] {
  const at = (name: string): string => listed(textsAt(properties[name], scope), widestFirst);
  switch (type) {
    case "AWS::Lambda::Permission":
    case "AWS::Lambda::LayerVersionPermission":
    case "AWS::Events::EventBusPolicy": {
      if (properties["Principal"] === undefined) return [];
      const open = ["*", "…"].includes(at("Principal"));
      const bounds = ["SourceArn", "SourceAccount", "PrincipalOrgID", "OrganizationId", "Condition"];
      const when = bounds.some((name) => properties[name] !== undefined) ? " under a condition" : "";
      return [grant(properties, open ? 0 : 3, `lets ${at("Principal")} do ${at("Action")}${when}`)];
    }
    case "AWS::Serverless::Connector":
      return [grant(properties, 3, `connects resources with ${at("Permissions")}`)];
    case "AWS::RAM::ResourceShare":
      return [grant(properties, 1, `shares resources with ${at("Principals")}`)];
    default:
      return [];
  }
}
