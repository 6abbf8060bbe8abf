/**
 * Writes local files of `AWS::Include` into the template. Rules, the boundary of roles and the digest of the template
 * then cover them, and CloudFormation reads no file that could change after packaging.
 */
import {
  isObject,
  type PlainObject,
  type PlainValue,
  type TemplateDocument,
} from "#release/document/template-document.ts";
import type { LocalReference } from "./local-reference.ts";

/** The files that the template includes. A location that a function computes, or of S3, is not local. */
export function localIncludes(document: TemplateDocument): readonly LocalReference[] {
  const found: LocalReference[] = [];
  const walk = (value: PlainValue, at: readonly string[]): void => {
    if (Array.isArray(value)) {
      for (const [index, item] of (value as readonly PlainValue[]).entries())
        walk(item, [...at, String(index)]);
      return;
    }
    if (!isObject(value)) return;
    for (const [key, inner] of Object.entries(value)) {
      const path = includedPath(key, inner);
      if (path === undefined) walk(inner, [...at, key]);
      else found.push({ at: [...at, key], path, kind: "file", form: "uri" });
    }
  };
  walk(document, []);
  return found;
}

/**
 * `contents` has the content of each file by its path. CloudFormation puts the fields of the content beside the
 * transform (user guide, "AWS::Include transform").
 */
export function withIncludes(
  document: TemplateDocument,
  contents: ReadonlyMap<string, PlainObject>,
): TemplateDocument {
  const written = (value: PlainValue): PlainValue => {
    if (Array.isArray(value)) return (value as readonly PlainValue[]).map(written);
    if (!isObject(value)) return value;
    const fields = Object.entries(value).flatMap(([key, inner]): readonly [string, PlainValue][] => {
      const content = contents.get(includedPath(key, inner) ?? "");
      return content === undefined ? [[key, written(inner)]] : Object.entries(content);
    });
    return Object.fromEntries(fields);
  };
  return written(document) as TemplateDocument;
}

function includedPath(key: string, value: PlainValue): string | undefined {
  if (!["Fn::Transform", "Transform"].includes(key) || !isObject(value)) return undefined;
  const { Name: name, Parameters: parameters } = value;
  const location = isObject(parameters) ? parameters["Location"] : undefined;
  if (name !== "AWS::Include" || typeof location !== "string" || location === "") return undefined;
  return /^(s3|https?):\/\//i.test(location) ? undefined : location;
}
