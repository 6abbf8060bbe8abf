/**
 * The uploads of a simulation: small CloudFormation artifacts, good and bad. The template contains the label
 * of its content.
 */
import { writeZip } from "#release/zip/zip-write.ts";

/**
 * `plain`: a topic of its own. `transformed`: needs another capability, so that the plan changes. `failing`:
 * fails in the middle of its deployment. `garbage`: no zip. `tombstone`: tears the line down. `configured`: has a
 * parameter that the target account sets. `parted`: has a nested template, which is a part in the cache.
 */
export type Kind = "plain" | "transformed" | "failing" | "garbage" | "tombstone" | "configured" | "parted";

/** Names the content in the deployed template. Equal labels mean equal artifacts. */
export const labelOf = (content: number): string => `Content${content}`;

export function artifactOf(kind: Kind, content: number): Uint8Array {
  const label = labelOf(content);
  const topic = { [label]: { Type: "AWS::SNS::Topic" } };
  switch (kind) {
    case "tombstone":
      return new Uint8Array(0);
    case "garbage":
      return Buffer.from(`no zip, but ${label}`);
    case "plain":
      return zip({ Resources: topic });
    case "transformed":
      return zip({ Transform: "AWS::LanguageExtensions", Resources: topic });
    case "configured":
      return zip(
        { Parameters: { Size: { Type: "String" } }, Resources: topic },
        { "parameters.json": { Size: "${ssm:/simulation/size}" } },
      );
    case "parted":
      return zip(
        { Resources: { ...topic, Nested: nested } },
        { "nested.json": { Resources: { Inner: { Type: "AWS::SNS::Topic" } } } },
      );
    case "failing":
      return zip({
        Resources: { ...topic, First: parameter(), Second: { ...parameter(), DependsOn: "First" } },
      });
  }
}

const nested = { Type: "AWS::CloudFormation::Stack", Properties: { TemplateURL: "./nested.json" } };

const zip = (template: object, more: Readonly<Record<string, object>> = {}): Uint8Array =>
  writeZip(
    Object.entries({ "template.json": template, ...more }).map(([name, content]) => ({
      name,
      content: Buffer.from(JSON.stringify(content)),
    })),
  );

/** Two parameters with the same name: CloudFormation creates the first, and the second fails. */
const parameter = () => ({
  Type: "AWS::SSM::Parameter",
  Properties: { Type: "String", Name: { "Fn::Sub": "/$" + "{AWS::StackName}/twice" }, Value: "once" },
});
