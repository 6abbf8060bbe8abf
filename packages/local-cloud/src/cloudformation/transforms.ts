/** Expands a template's transforms in AWS's order: includes, language extensions, then SAM. */

import { expandIncludes } from "./includes.ts";
import { isList, isObject, type Json, type JsonObject } from "./json.ts";
import { expandLanguageExtensions } from "./language-extensions.ts";
import { expandSam } from "./sam/expand.ts";
import type { Template } from "./template.ts";
import { validationError } from "./template-error.ts";
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
  const declared =
    template.Transform === undefined
      ? []
      : isList(template.Transform)
        ? template.Transform
        : [template.Transform];
  const names = declared.map(nameOf);
  return JSON.stringify(template).includes('"Fn::Transform"') ? [...new Set([...names, include])] : names;
}

export async function expandTransforms(template: Template, context: TransformContext): Promise<JsonObject> {
  const names = transformsOf(template);
  for (const name of names) {
    if (![samTransform, languageExtensions, include].includes(name)) {
      throw validationError(`No transform named ${context.pseudo.account}::${name} found.`);
    }
  }
  const { Transform: _transform, ...plain } = template;
  let document: JsonObject = plain as unknown as JsonObject;
  if (names.length === 0) return document;
  document = await expandIncludes(document, template.Transform, context.include);
  if (names.includes(languageExtensions)) document = expandLanguageExtensions(document, context);
  if (names.includes(samTransform)) document = expandSam(document, context);
  return document;
}
