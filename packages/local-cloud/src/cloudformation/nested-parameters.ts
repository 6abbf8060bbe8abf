/** Reads the parameters that a nested stack gets in the properties of its resource. */
import { isList, isObject, type Json } from "./json.ts";

/** By name. A list is joined with commas, because every parameter is a text. */
export const nestedParameters = (value: Json | undefined): Readonly<Record<string, string>> =>
  isObject(value)
    ? Object.fromEntries(
        Object.entries(value).map(([name, each]) => [
          name,
          isList(each) ? each.map(String).join(",") : String(each),
        ]),
      )
    : {};

/** The same parameters as CloudFormation's API takes them. */
export const parameterList = (value: Json | undefined) =>
  Object.entries(nestedParameters(value)).map(([ParameterKey, ParameterValue]) => ({
    ParameterKey,
    ParameterValue,
  }));
