/** The capabilities that CloudFormation requires for a template. */
import type { Capability } from "#release/artifact/manifest.ts";
import { resourcesOf, type TemplateDocument, transformsOf } from "#release/document/template-document.ts";

const nestedTypes = ["AWS::CloudFormation::Stack", "AWS::Serverless::Application"];

/**
 * The permissions boundary of the execution role limits a template's IAM changes in every target, so Kedge
 * grants these capabilities.
 */
export function capabilitiesOf(document: TemplateDocument): readonly Capability[] {
  const nested = resourcesOf(document).some(({ type }) => nestedTypes.includes(type));
  const expands =
    nested || transformsOf(document).length > 0 || JSON.stringify(document).includes('"Fn::Transform"');
  return [
    "CAPABILITY_IAM",
    "CAPABILITY_NAMED_IAM",
    ...(expands ? (["CAPABILITY_AUTO_EXPAND"] as const) : []),
  ];
}
