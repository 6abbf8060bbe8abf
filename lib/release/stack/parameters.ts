/** Parameters: the forms their files may have, and whether they fit the template they are for. */

import { parseReferences } from "#release/document/references.ts";
import { isObject, type PlainValue, type TemplateDocument } from "#release/document/template-document.ts";
import { ReleaseError } from "#release/errors/errors.ts";

export type Parameters = {
  readonly values: Readonly<Record<string, string>>;
  /** Of the stack; only CodePipeline's form of the file has them. */
  readonly tags: Readonly<Record<string, string>>;
};

export const noParameters: Parameters = { values: {}, tags: {} };

const longestValue = 4096;
const cliPair = /^([A-Za-z0-9]+)=(.*)$/s;

/** Reads {"Name": value}, CodePipeline's {"Parameters": {…}, "Tags": {…}}, or one of the two lists of the AWS CLI. */
export function readParameters(text: string, path: string): Parameters {
  const json = parse(text, path);
  if (Array.isArray(json)) {
    return {
      values: Object.fromEntries((json as readonly PlainValue[]).map((item) => listed(item, path))),
      tags: {},
    };
  }
  if (!isObject(json)) throw malformed(path, "holds neither an object nor a list.");
  if (!isObject(json["Parameters"]) && !isObject(json["Tags"]))
    return { values: plain(json, path), tags: {} };
  const unknown = Object.keys(json).filter((key) => !["Parameters", "Tags", "StackPolicy"].includes(key));
  if (unknown.length > 0) throw malformed(path, `has ${unknown.join(", ")} beside Parameters and Tags.`);
  return { values: plain(json["Parameters"] ?? {}, path), tags: plain(json["Tags"] ?? {}, path) };
}

/** The sources in their order; a later one overrides the earlier ones. */
export const mergeParameters = (...all: readonly Parameters[]): Parameters => ({
  values: Object.assign({}, ...all.map(({ values }) => values)) as Parameters["values"],
  tags: Object.assign({}, ...all.map(({ tags }) => tags)) as Parameters["tags"],
});

/** Throws `ParametersUnknown` or `ParametersMissing`, naming every parameter, when they and the templates do not fit. */
export function checkParameters(
  documents: readonly TemplateDocument[],
  { values }: Parameters,
  environment: string,
): void {
  const declared = Object.fromEntries(
    documents.flatMap((document) =>
      Object.entries(isObject(document["Parameters"]) ? document["Parameters"] : {}),
    ),
  );
  const unknown = Object.keys(values).filter((name) => !Object.hasOwn(declared, name));
  if (unknown.length > 0) {
    const known = Object.keys(declared).join(", ") || "none";
    const seen = `For ${environment} there are values for ${unknown.join(", ")}; the template's parameters are ${known}.`;
    throw new ReleaseError("ParametersUnknown", seen);
  }
  const missing = Object.entries(declared)
    .filter(([name, declaration]) => !Object.hasOwn(values, name) && !hasDefault(declaration))
    .map(([name]) => name);
  if (missing.length > 0) {
    throw new ReleaseError(
      "ParametersMissing",
      `The environment ${environment} has no value for ${missing.join(", ")}.`,
    );
  }
}

const hasDefault = (declaration: PlainValue): boolean =>
  isObject(declaration) && declaration["Default"] !== undefined;

function listed(item: PlainValue, path: string): [string, string] {
  const pair = typeof item === "string" ? cliPair.exec(item) : undefined;
  if (pair?.[1] !== undefined) return [pair[1], value(pair[2] ?? "", pair[1], path)];
  const name = isObject(item) ? item["ParameterKey"] : undefined;
  if (!isObject(item) || typeof name !== "string") {
    throw malformed(
      path,
      `lists ${JSON.stringify(item)}; expected {"ParameterKey": …, "ParameterValue": …}.`,
    );
  }
  if (item["ParameterValue"] === undefined) throw malformed(path, `gives ${name} no ParameterValue.`);
  return [name, value(item["ParameterValue"], name, path)];
}

const plain = (json: PlainValue, path: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(isObject(json) ? json : {}).map(([name, given]) => [name, value(given, name, path)]),
  );

function value(given: PlainValue, name: string, path: string): string {
  const text = Array.isArray(given)
    ? given.map((item) => scalar(item, name, path)).join(",")
    : scalar(given, name, path);
  const [unknown] = parseReferences(text).problems;
  if (unknown !== undefined)
    throw malformed(path, `gives ${name} a value that cannot be resolved: ${unknown}`);
  return checkLength(text, name, path);
}

/** The text itself; `giver` begins the sentence that refuses it. */
export function checkLength(text: string, name: string, giver: string): string {
  if (new TextEncoder().encode(text).length <= longestValue) return text;
  throw malformed(giver, `gives ${name} more than the ${longestValue} bytes CloudFormation takes.`);
}

function scalar(given: PlainValue, name: string, path: string): string {
  if (typeof given === "string" || typeof given === "number" || typeof given === "boolean")
    return String(given);
  throw malformed(
    path,
    `gives ${name} ${given === null ? "null" : "an object"}; expected a text, number or list.`,
  );
}

function parse(text: string, path: string): PlainValue {
  try {
    return JSON.parse(text.replace(/^\ufeff/, "")) as PlainValue;
  } catch (error) {
    throw new ReleaseError("ParametersMalformed", `${path} is not JSON: ${String(error)}`, error);
  }
}

const malformed = (path: string, seen: string): ReleaseError =>
  new ReleaseError("ParametersMalformed", `${path} ${seen}`);
