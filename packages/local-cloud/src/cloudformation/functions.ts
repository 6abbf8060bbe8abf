/** CloudFormation's value functions, by name. */
import { cidr } from "./cidr.ts";
import { isList, isObject, type Json, member } from "./json.ts";
import { attribute, attributeParts } from "./reference.ts";
import { noValue } from "./scope.ts";
import { substitute } from "./substitute.ts";
import { functionError, validationError } from "./template-error.ts";
import type { TemplateFunction } from "./template-function.ts";

const text = (value: unknown): string | undefined =>
  typeof value === "string" || typeof value === "number" || typeof value === "boolean"
    ? String(value)
    : undefined;

const base64: TemplateFunction = (argument, resolve) => {
  const plain = text(resolve(argument));
  if (plain === undefined) throw functionError("every Fn::Base64 object must have a String-typed value.");
  return Buffer.from(plain).toString("base64");
};

const join: TemplateFunction = (argument, resolve) => {
  const usage =
    "every Fn::Join object requires two parameters, (1) a string delimiter and (2) a list of strings to be joined or a function that returns a list of strings (such as Fn::GetAZs) to be joined.";
  if (!isList(argument) || argument.length !== 2) throw functionError(usage);
  const [delimiter, list] = [argument[0], resolve(argument[1] ?? null)];
  if (typeof delimiter !== "string" || !isList(list)) throw functionError(usage);
  return list
    .map((item) => {
      const part = text(item);
      if (part === undefined) throw functionError(usage);
      return part;
    })
    .join(delimiter);
};

const split: TemplateFunction = (argument, resolve) => {
  const usage =
    "every Fn::Split object requires two parameters, (1) a string delimiter and (2) a string to be split or a function that returns a string to be split.";
  if (!isList(argument) || argument.length !== 2) throw functionError(usage);
  const source = text(resolve(argument[1] ?? null));
  if (typeof argument[0] !== "string" || source === undefined) throw functionError(usage);
  return source.split(argument[0]);
};

const select: TemplateFunction = (argument, resolve) => {
  if (!isList(argument) || argument.length !== 2) {
    throw functionError("Fn::Select requires a list argument with two elements: an integer index and a list");
  }
  const index = Number(text(resolve(argument[0] ?? null)) ?? Number.NaN);
  const list = resolve(argument[1] ?? null);
  if (!Number.isInteger(index))
    throw functionError("Fn::Select requires a list argument with two elements: an integer index and a list");
  if (!isList(list)) throw functionError("Fn::Select requires a list argument with a valid index");
  const found = list[index];
  if (found === undefined)
    throw functionError(`Fn::Select  cannot select nonexistent value at index ${index}`);
  if (found === null) throw functionError("Fn::Select cannot select null values");
  return found;
};

const findInMap: TemplateFunction = (argument, resolve, scope) => {
  if (!isList(argument) || argument.length < 3 || argument.length > 4) {
    throw functionError(
      "every Fn::FindInMap object requires three parameters, the map name, map key and the attribute for return value",
    );
  }
  const [map, key, name] = argument.slice(0, 3).map((part) => text(resolve(part)) ?? "");
  const found = member(
    member(scope.mappings, map ?? "") as Record<string, Record<string, Json>> | undefined,
    key ?? "",
  );
  const value = isObject(found) ? member(found, name ?? "") : undefined;
  if (value !== undefined) return value;
  const options = argument[3];
  if (isObject(options) && options["DefaultValue"] !== undefined) return resolve(options["DefaultValue"]);
  throw functionError(`Unable to get mapping for ${map}::${key}::${name}`);
};

const getAzs: TemplateFunction = (argument, resolve, scope) => {
  const region = text(resolve(argument)) || scope.pseudo.region;
  return ["a", "b", "c"].map((zone) => `${region}${zone}`);
};

const getAtt: TemplateFunction = (argument, resolve, scope) => {
  const [logicalId, name] = attributeParts(argument);
  return attribute(logicalId, text(resolve(name)) ?? "", scope);
};

const importValue: TemplateFunction = (argument, resolve, scope) => {
  const name = text(resolve(argument));
  if (!name)
    throw functionError(
      "the attribute in Fn::ImportValue must not depend on any resources, imported values, or Fn::GetAZs",
    );
  return scope.importValue(name);
};

const choose: TemplateFunction = (argument, resolve, scope) => {
  if (!isList(argument) || argument.length !== 3 || typeof argument[0] !== "string") {
    throw functionError("Fn::If requires a list argument with three elements");
  }
  const outcome = member(scope.conditions, argument[0]);
  if (outcome === undefined) throw functionError(`unresolved condition dependency ${argument[0]} in Fn::If`);
  return resolve((outcome ? argument[1] : argument[2]) ?? null);
};

const length: TemplateFunction = (argument, resolve) => {
  const list = resolve(argument);
  if (!isList(list)) throw validationError("Fn::Length can only be used with a list");
  return list.length;
};

const toJsonString: TemplateFunction = (argument, resolve) => {
  const value = resolve(argument);
  return value === noValue ? "" : JSON.stringify(value);
};

export const functions: Readonly<Record<string, TemplateFunction>> = {
  "Fn::Base64": base64,
  "Fn::Cidr": cidr,
  "Fn::FindInMap": findInMap,
  "Fn::GetAtt": getAtt,
  "Fn::GetAZs": getAzs,
  "Fn::If": choose,
  "Fn::ImportValue": importValue,
  "Fn::Join": join,
  "Fn::Length": length,
  "Fn::Select": select,
  "Fn::Split": split,
  "Fn::Sub": substitute,
  "Fn::ToJsonString": toJsonString,
};
