/** Expands a template's transforms in this order: macros in snippets, includes, macros, language extensions, SAM. */

import { expandIncludes } from "./includes.ts";
import { isList, isObject, type Json, type JsonObject } from "./json.ts";
import { expandLanguageExtensions } from "./language-extensions.ts";
import { expandSnippets, paramsOf } from "./macros.ts";
import { expandSam } from "./sam/expand.ts";
import type { Template } from "./template.ts";
import type { TransformContext } from "./transform-input.ts";

const samTransform = "AWS::Serverless-2016-10-31";
const languageExtensions = "AWS::LanguageExtensions";
const include = "AWS::Include";

const nameOf = (transform: Json): string =>
  typeof transform === "string" ? transform : isObject(transform) ? String(transform["Name"] ?? "") : "";

/**
 * Returns the names of the transforms that a template declares, and `AWS::Include` where `Fn::Transform`
 * uses it.
 */
export function transformsOf(template: Template): readonly string[] {
  const names = declaredBy(template).map(nameOf);
  return JSON.stringify(template).includes('"Fn::Transform"') ? [...new Set([...names, include])] : names;
}

const own: ReadonlySet<string> = new Set([samTransform, languageExtensions, include]);

const declaredBy = ({ Transform }: Template): readonly Json[] =>
  Transform === undefined ? [] : isList(Transform) ? Transform : [Transform];

export async function expandTransforms(template: Template, context: TransformContext): Promise<JsonObject> {
  const names = transformsOf(template);
  const { Transform: _transform, ...plain } = template;
  let document: JsonObject = plain as unknown as JsonObject;
  if (names.length === 0) return document;
  document = objectOr(await expandSnippets(document, context.macro), document);
  document = await expandIncludes(document, template.Transform, context.include);
  for (const declared of declaredBy(template)) {
    const name = nameOf(declared);
    if (!own.has(name))
      document = objectOr(await context.macro(name, document, paramsOf(declared)), document);
  }
  if (names.includes(languageExtensions)) document = expandLanguageExtensions(document, context);
  if (names.includes(samTransform)) document = expandSam(document, context);
  return document;
}

const objectOr = (value: Json, other: JsonObject): JsonObject => (isObject(value) ? value : other);
