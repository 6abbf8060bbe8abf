/** Tells in an environment's preparation whether the release may use secrets there. */
import type { Finding } from "#release/rules/findings.ts";
import { mentionsSecrets, secretUse } from "#release/stack/secret-use.ts";
import type { ZipContent } from "#release/zip/zip-write.ts";
import { documents } from "./documents.ts";
import type { LocalTemplate } from "./local-assets.ts";
import { type Documents, documentIn } from "./small-zip.ts";

/** For nested templates, which only the packaging reads. A template that it cannot read may hold anything. */
export function mayHoldSecrets(templates: readonly LocalTemplate[], findings: readonly Finding[]): boolean {
  return (
    findings.some(({ rule }) => rule === "template-unread") || mentionsSecrets(templates.flatMap(textsOf))
  );
}

/** CloudFormation's words about a template may repeat its values. The templates that it nests are not read. */
export const mayQuoteSecrets = (template: string): boolean =>
  hasNestedStacks(template) || mentionsSecrets([template]);

export const hasNestedStacks = (template: string): boolean =>
  /AWS::(?:CloudFormation::Stack|Serverless::Application)\b/.test(template);

const textsOf = ({ document, nested }: LocalTemplate): readonly string[] => [
  JSON.stringify(document),
  ...nested.flatMap(({ template }) => textsOf(template)),
];

/** `contents` are the documents of the environment. */
export function usesSecrets(packaged: Documents, contents: readonly ZipContent[]): boolean {
  const known = packaged.has(documents.secrets) ? documentIn(packaged, documents.secrets) : undefined;
  if (known !== secretUse.none) return true; // nested templates hold some, or an older version packaged it
  return contents.some(({ content }) =>
    mentionsSecrets([typeof content === "string" ? content : new TextDecoder().decode(content)]),
  );
}
