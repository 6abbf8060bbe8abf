/**
 * Adds tags and outputs about the origin to an application stack. Tags name the line and not the version:
 * CloudFormation propagates stack tags to resources, so a tag with the version would update every resource at
 * each upload. The version is an output, which changes with a deployment and never causes one.
 */

import { isObject, type TemplateDocument } from "#release/document/template-document.ts";
import { ReleaseError } from "#release/errors/errors.ts";
import type { Line } from "#release/names/key.ts";
import { tags, tagValue } from "#release/names/tags.ts";

type Origin = { readonly line: Line; readonly versionId: string; readonly digest: string };

/** CloudFormation User Guide, "Understand CloudFormation quotas". */
const mostOutputs = 200;
const ownOutputs = 2;

/** `given` are the uploader's tags. Names that begin with `kedge:` are dropped. */
export const stackTags = (
  line: Line,
  given: Readonly<Record<string, string>>,
  level = 0,
): Record<string, string> => ({
  ...Object.fromEntries(Object.entries(given).filter(([name]) => !name.startsWith("kedge:"))),
  ...lineTags(line),
  // A teardown removes stacks from the highest level to the lowest, even when the artifact no longer exists.
  ...(level > 0 && { [tags.level]: String(level) }),
});

/** The exact line, as far as tag values allow it. The names of stacks and pipelines contain only a slug. */
export const lineTags = (line: Line): Record<string, string> => ({
  [tags.account]: line.account,
  [tags.app]: tagValue(line.app),
  [tags.branch]: tagValue(line.branch),
});

/** False for a stack whose tags name another line. */
export const isOfLine = (stackTags: Readonly<Record<string, string>>, line: Line): boolean =>
  Object.entries(lineTags(line)).every(([name, value]) => (stackTags[name] ?? value) === value);

/** Kedge's outputs replace outputs of the same names in the template, which could name another version. */
export function withOrigin(
  document: TemplateDocument,
  { versionId, digest }: Pick<Origin, "versionId" | "digest">,
  path = "The template",
): TemplateDocument {
  const origin = {
    KedgeVersion: { Description: "The uploaded version this was last deployed from", Value: versionId },
    KedgeDigest: { Description: "SHA-256 of that artifact", Value: digest },
  };
  const Outputs = { ...(isObject(document["Outputs"]) && document["Outputs"]), ...origin };
  const count = Object.keys(Outputs).length;
  if (count <= mostOutputs) return { ...document, Outputs };
  const seen = `${path} has ${count - ownOutputs} outputs. CloudFormation allows ${mostOutputs}, and Kedge adds ${ownOutputs}: expected ${mostOutputs - ownOutputs} at most.`;
  throw new ReleaseError("TemplateTooLarge", seen);
}

/** Throws `TemplateTooLarge` at packaging, before the first environment changes. */
export const checkOutputs = (path: string, document: TemplateDocument): void => {
  withOrigin(document, { versionId: "", digest: "" }, path);
};
