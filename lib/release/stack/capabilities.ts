/** Which acknowledgements CloudFormation may ask for before it takes a template. */
import type { Capability } from "#release/artifact/manifest.ts";
import { resourcesOf, type TemplateDocument, transformsOf } from "#release/document/template-document.ts";

const nestedTypes = ["AWS::CloudFormation::Stack", "AWS::Serverless::Application"];

/** What a template may do to IAM is bounded by the execution role's boundary in every target, not by withholding these. */
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
