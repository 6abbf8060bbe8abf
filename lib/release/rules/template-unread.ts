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
  find: (input) => [...elsewhere(input), ...transformed(input), ...looped(input)],
  findInTemplate,
};

/** Transforms that add nothing from outside the template. */
const known = /^AWS::(Serverless-2016-10-31|LanguageExtensions)$/;

function findInTemplate(document: TemplateDocument): readonly Sighting[] {
  const strange = transformsOf(document).filter((name) => !known.test(name));
  const { Resources: resources, ...rest } = document;
  const withoutProperties = Object.entries(isObject(resources) ? resources : {}).map(([id, resource]) => ({
    [id]:
      isObject(resource) && typeof resource["Type"] === "string"
        ? { ...resource, Properties: null }
        : resource,
  }));
  const inside = holdsTransform(rest) || holdsTransform(withoutProperties);
  return [
    ...unreadResources(resources),
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

/** Resources whose type or properties a loop writes: rules read a resource as it stands in the template. */
function unreadResources(resources: PlainValue | undefined): readonly Sighting[] {
  if (Array.isArray(resources)) return (resources as readonly PlainValue[]).flatMap(unreadResources);
  if (!isObject(resources)) return [];
  return Object.entries(resources).flatMap(([id, resource]) => {
    if (Array.isArray(resource)) return unreadResources(resource);
    if (!isObject(resource)) return [];
    const type = resource["Type"];
    if (typeof type !== "string" || /[$&]\{/.test(type))
      return [{ property: "Type", seen: `has the resource ${id}, whose type is not written out` }];
    return Object.keys(resource).some((name) => name.startsWith("Fn::"))
      ? [{ property: "Fn::ForEach", seen: `has the resource ${id}, whose parts a function makes` }]
      : [];
  });
}

/** A loop may make any property, so a rule would miss a policy or a setting. */
function looped({ resource }: RuleInput): readonly Sighting[] {
  return holdsKey(resource.properties, (key) => key.startsWith("Fn::ForEach"))
    ? [{ property: "Fn::ForEach", seen: "makes properties in a loop; write them out" }]
    : [];
}

function elsewhere({ resource: { id, type }, nested }: RuleInput): readonly Sighting[] {
  if (type.endsWith("::MODULE"))
    return [{ property: "Type", seen: `is the module ${type}, which is not in the artifact` }];
  const property = nesting[type];
  if (property === undefined || nested.includes(id)) return [];
  return [{ property, seen: "takes its template from outside the artifact" }];
}

/**
 * A `Fn::Transform` below a resource puts text into it that is read elsewhere, and the text may name a secret. Files of
 * the artifact stand in the template already.
 */
function transformed({ resource }: RuleInput): readonly Sighting[] {
  return holdsTransform(resource.properties)
    ? [{ property: "Fn::Transform", seen: "takes a part of itself from a macro or a file that is not read" }]
    : [];
}

const holdsTransform = (value: PlainValue): boolean => holdsKey(value, (key) => key === "Fn::Transform");

function holdsKey(value: PlainValue, fits: (key: string) => boolean): boolean {
  if (Array.isArray(value)) return (value as readonly PlainValue[]).some((item) => holdsKey(item, fits));
  if (!isObject(value)) return false;
  return Object.entries(value).some(([key, inner]) => fits(key) || holdsKey(inner, fits));
}
