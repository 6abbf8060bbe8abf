/** Finds resources and transforms whose content is not in the artifact, so that no rule can read it. */
import {
  isObject,
  type PlainValue,
  type TemplateDocument,
  transformsOf,
} from "#release/document/template-document.ts";
import type { Rule, RuleInput, Sighting } from "./rule.ts";

const nesting: Readonly<Record<string, string>> = {
  "AWS::CloudFormation::Stack": "TemplateURL",
  "AWS::CloudFormation::StackSet": "TemplateURL",
  "AWS::Serverless::Application": "Location",
};

const stack = (TemplateURL: string) => ({
  Orders: { Type: "AWS::CloudFormation::Stack", Properties: { TemplateURL } },
});

export const templateUnread: Rule = {
  says: "Nested templates are files of the artifact, so that the rules apply to them.",
  severity: { protected: "refuse", others: "refuse" },
  examples: {
    passes: { Orders: { Type: "AWS::SQS::Queue", Properties: {} } },
    fails: stack("https://templates.s3.amazonaws.com/orders.yaml"),
  },
  find: (input) => [...elsewhere(input), ...transformed(input)],
  findInTemplate,
};

/** Transforms that add nothing from outside the template. */
const known = /^AWS::(Serverless-2016-10-31|LanguageExtensions)$/;

function findInTemplate(document: TemplateDocument): readonly Sighting[] {
  const strange = transformsOf(document).filter((name) => !known.test(name));
  const { Resources: resources, ...rest } = document;
  const withoutProperties = Object.entries(isObject(resources) ? resources : {}).map(([id, resource]) => ({
    [id]: isObject(resource) && typeof resource["Type"] === "string" ? null : resource,
  }));
  const inside = holdsTransform(rest) || holdsTransform(withoutProperties);
  return [
    ...strange.map((name) => ({
      property: "Transform",
      seen: `is changed by ${name}, whose result is not read`,
    })),
    ...(inside
      ? [
          {
            property: "Fn::Transform",
            seen: "takes a part of itself from a macro or a file that is not read",
          },
        ]
      : []),
  ];
}

function elsewhere({ resource: { id, type }, nested }: RuleInput): readonly Sighting[] {
  if (type.endsWith("::MODULE"))
    return [{ property: "Type", seen: `is the module ${type}, which is not in the artifact` }];
  const property = nesting[type];
  if (property === undefined || nested.includes(id)) return [];
  return [{ property, seen: "takes its template from outside the artifact" }];
}

/** The body of an API or a state machine may be included from a file: it can open only the API itself. */
const bodies: Readonly<Record<string, string>> = {
  "AWS::Serverless::Api": "DefinitionBody",
  "AWS::Serverless::HttpApi": "DefinitionBody",
  "AWS::ApiGateway::RestApi": "Body",
  "AWS::ApiGatewayV2::Api": "Body",
  "AWS::Serverless::StateMachine": "Definition",
};

/** A `Fn::Transform` below a resource puts text into it that is read elsewhere. */
function transformed({ resource }: RuleInput): readonly Sighting[] {
  const rest = { ...resource.properties, [bodies[resource.type] ?? ""]: null };
  return holdsTransform(rest)
    ? [{ property: "Fn::Transform", seen: "takes a part of itself from a macro or a file that is not read" }]
    : [];
}

function holdsTransform(value: PlainValue): boolean {
  if (Array.isArray(value)) return (value as readonly PlainValue[]).some(holdsTransform);
  if (!isObject(value)) return false;
  return Object.entries(value).some(([key, inner]) => key === "Fn::Transform" || holdsTransform(inner));
}
