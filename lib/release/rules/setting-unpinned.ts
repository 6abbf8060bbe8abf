/**
 * Finds dynamic references to the parameter store that Kedge cannot give a version. CloudFormation would read the
 * newest value after the approval. Prepare writes versions into the templates of the release, and refuses the
 * references that still have none. Nested templates are assets that are named by their bytes, so their references need
 * versions already.
 */
import { hasVersion, isUnpinnable, storeReferencesIn } from "#release/document/store-references.ts";
import {
  isObject,
  type PlainObject,
  type PlainValue,
  type TemplateDocument,
} from "#release/document/template-document.ts";
import type { Rule, Sighting } from "./rule.ts";

const topic = (DisplayName: PlainValue): PlainObject => ({
  News: { Type: "AWS::SNS::Topic", Properties: { DisplayName } },
});

export const settingUnpinned: Rule = {
  says: "References to the parameter store can be given a version, and those of nested templates have one.",
  severity: { protected: "refuse", gated: "refuse", others: "warn" },
  examples: {
    passes: topic("{{resolve:ssm:/orders/title}}"),
    fails: topic({ "Fn::Join": ["", ["{{resolve:ssm:/orders/", { Ref: "AWS::StackName" }, "}}"]] }),
  },
  find: () => [],
  findInTemplate: (document, isNested) =>
    textsIn(withoutMetadata(document)).flatMap(([property, text]): readonly Sighting[] => {
      if (isUnpinnable(text, isNested ? [] : namesIn(document)))
        return [
          {
            property,
            seen: `has a reference to the parameter store at ${property} that has no place for a version`,
          },
        ];
      const loose = isNested ? storeReferencesIn(text).filter(({ name }) => !hasVersion(name)) : [];
      return loose.map(({ name }) => ({
        property,
        seen: `is nested and refers to ${name} of the parameter store without a version`,
      }));
    }),
};

/** Parameters and pseudo parameters whose values Prepare writes into references. */
const namesIn = (document: TemplateDocument): readonly string[] => [
  ...["AWS::AccountId", "AWS::Region", "AWS::StackName"],
  ...Object.keys(isObject(document["Parameters"]) ? document["Parameters"] : {}),
];

/** CloudFormation resolves no dynamic reference in metadata. */
function withoutMetadata({ Metadata: _, Resources, ...rest }: TemplateDocument): PlainObject {
  if (!isObject(Resources)) return rest;
  const resources = Object.entries(Resources).map(([id, resource]): [string, PlainValue] => {
    if (!isObject(resource)) return [id, resource];
    const { Metadata: __, ...live } = resource;
    return [id, live];
  });
  return { ...rest, Resources: Object.fromEntries(resources) };
}

/** The texts of a value with their paths. */
function textsIn(value: PlainValue, path = ""): readonly (readonly [path: string, text: string])[] {
  if (typeof value === "string") return value.includes("{{resolve:ssm") ? [[path, value]] : [];
  if (Array.isArray(value))
    return (value as readonly PlainValue[]).flatMap((item, at) => textsIn(item, `${path}.${at}`));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    textsIn(inner, path === "" ? name : `${path}.${name}`),
  );
}
