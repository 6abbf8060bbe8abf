/**
 * A CloudFormation or SAM template as plain data, read from YAML with short-form tags or from JSON. Strict where AWS or
 * the next tool would be: duplicate keys, broken indentation and unknown tags are refused with their line.
 */
import { isMap, isScalar, isSeq, type Node, type Scalar } from "yaml";
import { ReleaseError } from "#release/errors/errors.ts";
import { parsedJson } from "./parsed-json.ts";
import { readYaml, YamlRejected, type YamlSource } from "./yaml-source.ts";

export type PlainValue = string | number | boolean | null | readonly PlainValue[] | PlainObject;
export type PlainObject = { readonly [key: string]: PlainValue };

/** The root of a template: `Resources` and its sibling sections. */
export type TemplateDocument = PlainObject;

type Resource = { readonly id: string; readonly type: string; readonly properties: PlainObject };

/** CloudFormation's limit for a template given by URL. */
export const largestTemplate = 1024 * 1024;

const deepestJson = 100;
const ofYaml = /^tag:yaml\.org,2002:(str|int|float|bool|null|map|seq|binary|timestamp|merge|set|omap|pairs)$/;

const shortForms = new Set(
  "And Base64 Cidr Equals FindInMap ForEach GetAtt GetAZs If ImportValue Join Length Not Or Select Split Sub ToJsonString Transform".split(
    " ",
  ),
);

export const isObject = (value: PlainValue | undefined): value is PlainObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Throws `TemplateMalformed`, naming `path` and the line, or `TemplateTooLarge`. */
export function readTemplate(text: string, path: string): TemplateDocument {
  const document = readFragment(text, path);
  const fault = faultOf(document);
  if (fault !== undefined) throw new ReleaseError("TemplateMalformed", `${path} is not a template: ${fault}`);
  return document as TemplateDocument;
}

/** Reads a part of a template, which may have any content. */
export function readFragment(text: string, path: string): PlainValue {
  if (text.length > largestTemplate) {
    throw new ReleaseError(
      "TemplateTooLarge",
      `${path} has ${text.length} characters; ${largestTemplate} are allowed.`,
    );
  }
  return text.trimStart().startsWith("{") ? (jsonOf(text) ?? yamlOf(text, path)) : yamlOf(text, path);
}

/** JSON is a template's other notation, so this needs no tags. */
export const writeTemplate = (document: TemplateDocument): string => JSON.stringify(document);

export function resourcesOf(document: TemplateDocument): readonly Resource[] {
  const resources = isObject(document["Resources"]) ? document["Resources"] : {};
  return Object.entries(resources).flatMap(([id, resource]) => {
    if (!isObject(resource) || typeof resource["Type"] !== "string") return [];
    const properties = isObject(resource["Properties"]) ? resource["Properties"] : {};
    return [{ id, type: resource["Type"], properties }];
  });
}

/** The names in `Transform`; a transform with parameters counts by its name. */
export function transformsOf(document: TemplateDocument): readonly string[] {
  const transform = document["Transform"];
  const list = Array.isArray(transform) ? (transform as readonly PlainValue[]) : [transform ?? null];
  return list.flatMap((each) => {
    const name = isObject(each) ? each["Name"] : each;
    return typeof name === "string" ? [name] : [];
  });
}

export const isServerless = (document: TemplateDocument): boolean =>
  transformsOf(document).some((name) => name.startsWith("AWS::Serverless-"));

function faultOf(document: PlainValue): string | undefined {
  if (!isObject(document)) return "it is not an object with Resources.";
  const resources = document["Resources"];
  if (!isObject(resources) || Object.keys(resources).length === 0) {
    const keys = Object.keys(document).slice(0, 5).join(", ");
    return `it has no Resources; at its top are ${keys === "" ? "no keys" : keys}.`;
  }
  for (const [id, resource] of Object.entries(resources)) {
    if (id.startsWith("Fn::ForEach")) continue;
    if (!isObject(resource) || typeof resource["Type"] !== "string") return `the resource ${id} has no Type.`;
  }
  return undefined;
}

/** A text that is no JSON is read as YAML, which JSON nearly is, and which knows the line of the fault. */
function jsonOf(text: string): PlainValue | undefined {
  const value = parsedJson(text) as PlainValue | undefined;
  return value === undefined || nestsTooDeep(value) ? undefined : value;
}

/** Later readers walk the document by recursion, so its depth is limited here. */
function nestsTooDeep(value: PlainValue): boolean {
  let level: readonly PlainValue[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > deepestJson) return true;
    level = level.flatMap((each) => (typeof each === "object" && each !== null ? Object.values(each) : []));
  }
  return false;
}

function yamlOf(text: string, path: string): PlainValue {
  const yaml = readYaml(text);
  const reject = (offset: number, message: string): ReleaseError => {
    const { line, column } = yaml.locationAt(offset);
    return new ReleaseError("TemplateMalformed", `${path}, line ${line}, column ${column}: ${message}`);
  };
  const [first] = yaml.faults;
  if (first !== undefined) throw reject(first.offset, first.message);
  try {
    return converter(yaml, reject)(yaml.contents, 0);
  } catch (error) {
    throw error instanceof YamlRejected ? reject(error.offset, error.message) : error;
  }
}

type Convert = (node: Node | null | undefined, depth: number) => PlainValue;

function converter(
  { enter }: YamlSource,
  reject: (offset: number, message: string) => ReleaseError,
): Convert {
  const convert: Convert = (given, depth) =>
    enter(given, depth, (node) => {
      const plain = bare(node, depth);
      const tag = node?.tag;
      if (tag === undefined || tag === "!" || ofYaml.test(tag)) return plain;
      const name = tag.slice(1);
      if (name === "Ref" || name === "Condition") return { [name]: plain };
      if (!shortForms.has(name))
        throw reject(given?.range?.[0] ?? 0, `CloudFormation has no function ${tag}.`);
      return { [`Fn::${name}`]: name === "GetAtt" && typeof plain === "string" ? attribute(plain) : plain };
    });
  const bare: Convert = (node, depth) => {
    if (isSeq(node)) return node.items.map((item) => convert(item as Node | null, depth + 1));
    if (isScalar(node)) return scalarOf(node);
    if (!isMap(node)) return null;
    const fields = new Map<string, PlainValue>();
    const merged: PlainValue[] = [];
    for (const { key, value } of node.items) {
      const inner = convert(value as Node | null, depth + 1);
      if (!isScalar(key)) throw reject(node.range?.[0] ?? 0, "A key is not a plain text.");
      const name = String(key.source ?? key.value);
      if (name === "<<") merged.push(...(Array.isArray(inner) ? (inner as readonly PlainValue[]) : [inner]));
      else fields.set(name, inner);
    }
    // A field of the map itself overrides a merged field, and an earlier merge overrides a later one.
    const inherited = merged.toReversed().flatMap((each) => (isObject(each) ? Object.entries(each) : []));
    return Object.fromEntries([...inherited, ...fields]);
  };
  return convert;
}

/** `A.B.C` means attribute `B.C` of `A`. */
function attribute(text: string): PlainValue {
  const dot = text.indexOf(".");
  return dot === -1 ? text : [text.slice(0, dot), text.slice(dot + 1)];
}

/**
 * Reads scalars as CloudFormation does (YAML 1.1), but loses nothing: dates, version numbers and numbers with
 * leading zeros stay the text of the source.
 */
function scalarOf(node: Scalar): PlainValue {
  const { source, type, tag } = node;
  if (tag === "tag:yaml.org,2002:str") return source ?? String(node.value);
  if (type !== "PLAIN" || source === undefined) return node.value === null ? null : String(node.value);
  if (/^(~|null|Null|NULL|)$/.test(source)) return null;
  if (/^(true|True|TRUE|yes|Yes|YES|on|On|ON)$/.test(source)) return true;
  if (/^(false|False|FALSE|no|No|NO|off|Off|OFF)$/.test(source)) return false;
  const number = Number(source);
  return /^-?\d+(\.\d+)?$/.test(source) && String(number) === source ? number : source;
}
