/** Lists methods and routes of APIs without an authorizer. */
import { isObject } from "#release/document/template-document.ts";
import { apiPolicySightings } from "./policy-sightings.ts";
import { textOf } from "./reading/seen.ts";
import { valuesOf } from "./reading/values.ts";
import type { Rule, RuleInput, Sighting } from "./rule.ts";

const route = (more: Readonly<Record<string, string>>) => ({
  Route: {
    Type: "AWS::ApiGatewayV2::Route",
    Properties: { ApiId: "a1b2c3", RouteKey: "GET /orders", ...more },
  },
});

export const apiOpen: Rule = {
  says: "Methods of an API name an authorizer.",
  severity: { protected: "show", others: "show" },
  examples: { passes: route({ AuthorizationType: "AWS_IAM" }), fails: route({}) },
  find: (input) => [...openMethods(input), ...openPolicies(input)],
};

const seen = "admits anonymous callers";

function openMethods(input: RuleInput): readonly Sighting[] {
  switch (input.resource.type) {
    case "AWS::ApiGateway::Method":
    case "AWS::ApiGatewayV2::Route":
      return unauthorized(input);
    case "AWS::AppSync::GraphQLApi":
      return withKey(input);
    case "AWS::Serverless::Function":
    case "AWS::Serverless::StateMachine":
      return openEvents(input);
    default:
      return [];
  }
}

/** Behind an authorizer of IAM, the policy decides which accounts may call. */
const openPolicies = (input: RuleInput): readonly Sighting[] =>
  apiPolicySightings(input, ({ who }) =>
    who === "anonymous" ? "admits anonymous callers by its policy" : undefined,
  );

function unauthorized({ resource: { properties }, scope }: RuleInput): readonly Sighting[] {
  if (textOf(valuesOf(properties["HttpMethod"], scope)[0] ?? { value: "" }) === "OPTIONS") return []; // a CORS preflight
  const types = valuesOf(properties["AuthorizationType"], scope).map(textOf);
  return types.length === 0 || types.includes("NONE") ? [{ property: "AuthorizationType", seen }] : [];
}

/** The key of an AppSync API is in every client, so it authorizes all callers. */
function withKey({ resource: { properties }, scope }: RuleInput): readonly Sighting[] {
  const types = valuesOf(properties["AuthenticationType"], scope).map(textOf);
  return types.includes("API_KEY") ? [{ property: "AuthenticationType", seen }] : [];
}

/** An API may have a default authorizer; the templates of SAM name it at the API, which the event refers to. */
function openEvents({ resource: { properties }, scope }: RuleInput): readonly Sighting[] {
  const events = properties["Events"];
  return Object.entries(isObject(events) ? events : {}).flatMap(([name, event]): Sighting[] => {
    if (!isObject(event) || !["Api", "HttpApi"].includes(String(event["Type"]))) return [];
    const given = isObject(event["Properties"]) ? event["Properties"] : {};
    const auth = valuesOf(given["Auth"], scope);
    const open = auth.every(({ value }) => !isObject(value) || value["Authorizer"] === "NONE");
    return open ? [{ property: `Events.${name}`, seen }] : [];
  });
}
