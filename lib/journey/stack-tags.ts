/**
 * What an application stack says of its origin. Tags name the line, not the version: CloudFormation hands tags on to
 * every resource, so a tag that changed with each upload would touch them all. The version stands among the outputs,
 * which change with a deployment and never cause one.
 */

import { isObject, type TemplateDocument } from "#release/document/template-document.ts";
import type { Line } from "#release/names/key.ts";
import { tags, tagValue } from "#release/names/tags.ts";

type Origin = { readonly line: Line; readonly versionId: string; readonly digest: string };

const mostOutputs = 200;

/** `given` are the uploader's; they cannot pass themselves off as ours. */
export const stackTags = (
  line: Line,
  given: Readonly<Record<string, string>>,
  level = 0,
): Record<string, string> => ({
  ...Object.fromEntries(Object.entries(given).filter(([name]) => !name.startsWith("kedge:"))),
  ...lineTags(line),
  // A teardown goes from the highest level to the lowest, also when the artifact can no longer be asked.
  ...(level > 0 && { [tags.level]: String(level) }),
});

/** The exact line, as far as tags can tell it; the names of stacks and pipelines show only a slug. */
export const lineTags = (line: Line): Record<string, string> => ({
  [tags.account]: line.account,
  [tags.app]: tagValue(line.app),
  [tags.branch]: tagValue(line.branch),
});

export function withOrigin(document: TemplateDocument, { versionId, digest }: Origin): TemplateDocument {
  const outputs = isObject(document["Outputs"]) ? document["Outputs"] : {};
  if (Object.keys(outputs).length + 2 > mostOutputs) return document;
  const origin = {
    KedgeVersion: { Description: "The uploaded version this was last deployed from", Value: versionId },
    KedgeDigest: { Description: "SHA-256 of that artifact", Value: digest },
  };
  return { ...document, Outputs: { ...origin, ...outputs } };
}
