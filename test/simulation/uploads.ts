/** What CIs upload in a simulation: small CloudFormation artifacts, good and bad, that say in their template which they are. */
import { writeZip } from "#release/zip/zip-write.ts";

/**
 * `plain`: a topic of its own. `transformed`: needs another capability, so that the plan changes. `failing`: refused
 * in the middle of its deployment. `garbage`: no zip at all. `tombstone`: the order to take the line down.
 */
export type Kind = "plain" | "transformed" | "failing" | "garbage" | "tombstone";

/** Names the content in the deployed template; equal labels are equal artifacts. */
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

/** Two of one name: CloudFormation makes the first and is refused the second. */
const parameter = () => ({
  Type: "AWS::SSM::Parameter",
  Properties: { Type: "String", Name: { "Fn::Sub": "/$" + "{AWS::StackName}/twice" }, Value: "once" },
});
