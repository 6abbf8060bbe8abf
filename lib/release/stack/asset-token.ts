/**
 * Texts in a made template that stand for a part of the artifact wherever no property of the table names one: the key
 * of a file or a packed folder, and the bucket the parts are in.
 */

import { isObject, type PlainValue, type TemplateDocument } from "#release/document/template-document.ts";
import type { LocalReference } from "./local-reference.ts";

export const bucketToken = "{{kedge:bucket}}";

/** `path` is relative to the template's folder, as every local reference is. */
export const keyToken = (kind: "zip" | "file", path: string): string => `{{kedge:${kind}:${path}}}`;

const keys = /\{\{kedge:(zip|file):([^{}]+)\}\}/g;

export const tokenReferences = (document: TemplateDocument): readonly LocalReference[] =>
  within(document, []);

function within(value: PlainValue, at: readonly string[]): readonly LocalReference[] {
  if (typeof value === "string") {
    return [...value.matchAll(keys)].map(([, kind = "", path = ""]) => ({
      at,
      path,
      kind: kind as "zip" | "file",
      form: "token",
    }));
  }
  if (Array.isArray(value))
    return (value as readonly PlainValue[]).flatMap((item, index) => within(item, [...at, String(index)]));
  return isObject(value) ? Object.entries(value).flatMap(([key, inner]) => within(inner, [...at, key])) : [];
}
