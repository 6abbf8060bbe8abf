/** Parses a template's text, JSON or YAML with CloudFormation's short forms, into plain JSON. */
import { type CollectionTag, isMap, isScalar, isSeq, parseDocument, type ScalarTag } from "yaml";
import { isObject, type Json, type JsonObject } from "./json.ts";
import { templateError } from "./template-error.ts";

const shortForms = [
  "And",
  "Base64",
  "Cidr",
  "Contains",
  "EachMemberEquals",
  "EachMemberIn",
  "Equals",
  "FindInMap",
  "ForEach",
  "GetAZs",
  "If",
  "ImportValue",
  "Join",
  "Length",
  "Not",
  "Or",
  "RefAll",
  "Select",
  "Split",
  "Sub",
  "ToJsonString",
  "Transform",
  "ValueOf",
  "ValueOfAll",
] as const;

const wrap = (tag: string, value: unknown): unknown => {
  if (tag === "Ref" || tag === "Condition") return { [tag]: value };
  if (tag === "GetAtt") return { "Fn::GetAtt": typeof value === "string" ? splitOnce(value) : value };
  return { [`Fn::${tag}`]: value };
};

const splitOnce = (text: string): string[] => {
  const dot = text.indexOf(".");
  return dot < 0 ? [text] : [text.slice(0, dot), text.slice(dot + 1)];
};

const tagsOf = (tag: string): (ScalarTag | CollectionTag)[] => [
  { tag: `!${tag}`, resolve: (text: string) => wrap(tag, text) },
  { tag: `!${tag}`, collection: "seq", resolve: (node) => wrap(tag, isSeq(node) ? node.toJSON() : node) },
  { tag: `!${tag}`, collection: "map", resolve: (node) => wrap(tag, isMap(node) ? node.toJSON() : node) },
];

const customTags = [...shortForms, "Ref", "Condition", "GetAtt"].flatMap(tagsOf);

/** YAML 1.1 dates stay text: `AWSTemplateFormatVersion: 2010-09-09` is a version, not a day. */
const readYaml = (text: string): unknown => {
  const document = parseDocument(text, {
    customTags,
    version: "1.2",
    schema: "core",
    logLevel: "silent",
    uniqueKeys: true,
  });
  const [problem] = document.errors;
  if (problem) {
    const at = problem.linePos?.[0];
    const where = at ? ` (line ${at.line}, column ${at.col})` : "";
    throw templateError(`YAML not well-formed.${where}`);
  }
  const unknown = document.warnings.find((warning) => warning.code === "TAG_RESOLVE_FAILED");
  if (unknown) {
    const at = unknown.linePos?.[0];
    throw templateError(`YAML not well-formed.${at ? ` (line ${at.line}, column ${at.col})` : ""}`);
  }
  if (document.contents !== null && isScalar(document.contents)) return document.contents.value;
  return document.toJS({ maxAliasCount: 1000 });
};

const readJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (error) {
    const position = /position (\d+)/.exec(error instanceof Error ? error.message : "")?.[1];
    const before = text.slice(0, position === undefined ? text.length : Number(position)).split("\n");
    throw templateError(
      `JSON not well-formed. (line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1})`,
    );
  }
};

/** Returns the template as JSON. Throws AWS's "Template format error" for a text that is not an object. */
export function parseTemplate(text: string): JsonObject {
  const trimmed = text.trimStart();
  const value = trimmed.startsWith("{") && looksLikeJson(trimmed) ? readJson(text) : readYaml(text);
  if (!isObject(value)) throw templateError("unsupported structure.");
  return value as { readonly [key: string]: Json };
}

/** JSON and YAML flow mappings both open with `{`. JSON goes on with a quoted name or ends at once. */
const looksLikeJson = (text: string): boolean => /^\{\s*("|\}|$)/.test(text);
