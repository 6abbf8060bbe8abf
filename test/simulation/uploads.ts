/**
 * The uploads of a simulation: small CloudFormation artifacts, good and bad. The template contains the label
 * of its content.
 */
import { writeZip } from "#release/zip/zip-write.ts";

/**
 * `plain`: a topic of its own. `transformed`: needs another capability, so that the plan changes. `failing`:
 * fails in the middle of its deployment. `garbage`: no zip. `tombstone`: tears the line down.
 */
export type Kind = "plain" | "transformed" | "failing" | "garbage" | "tombstone";

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
    case "failing":
      return zip({
        Resources: { ...topic, First: parameter(), Second: { ...parameter(), DependsOn: "First" } },
      });
  }
}

const zip = (template: object): Uint8Array =>
  writeZip([{ name: "template.json", content: Buffer.from(JSON.stringify(template)) }]);

/** Two parameters with the same name: CloudFormation creates the first, and the second fails. */
const parameter = () => ({
  Type: "AWS::SSM::Parameter",
  Properties: { Type: "String", Name: { "Fn::Sub": "/$" + "{AWS::StackName}/twice" }, Value: "once" },
});
