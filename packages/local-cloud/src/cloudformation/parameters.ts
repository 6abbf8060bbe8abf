/**
 * Computes the values of a template's parameters from the caller's input, or rejects the input as AWS does.
 */
import { javaPattern } from "./java-pattern.ts";
import { isList, type Json, member } from "./json.ts";
import type { ParameterDeclaration } from "./template.ts";
import { templateError, validationError } from "./template-error.ts";

export type ParameterInput = {
  readonly ParameterKey?: string | undefined;
  readonly ParameterValue?: string | undefined;
  readonly UsePreviousValue?: boolean | undefined;
};

export type ParameterValue = {
  readonly key: string;
  /** The given value or the default. For an SSM type it is the parameter's name. */
  readonly value: string;
  readonly noEcho: boolean;
  /** The value that an SSM parameter type resolved to. */
  readonly resolved?: string;
};

export function parameterValues(
  declared: Readonly<Record<string, ParameterDeclaration>>,
  inputs: readonly ParameterInput[],
  previous: readonly ParameterValue[] | undefined,
): readonly ParameterValue[] {
  const passed = new Map<string, ParameterInput>();
  for (const input of inputs) {
    const key = input.ParameterKey ?? "";
    if (passed.has(key)) throw validationError(`Duplicate parameter: ${key}`);
    passed.set(key, input);
  }
  const unknown = [...passed.keys()].filter((key) => member(declared, key) === undefined);
  if (unknown.length > 0)
    throw validationError(`Parameters: [${unknown.join(", ")}] do not exist in the template`);
  const missing: string[] = [];
  const values: ParameterValue[] = [];
  for (const [key, declaration] of Object.entries(declared)) {
    const input = passed.get(key);
    const before = previous?.find((one) => one.key === key);
    if (input?.UsePreviousValue && input.ParameterValue !== undefined) {
      throw validationError(
        `Invalid input for parameter key ${key}. Cannot specify usePreviousValue as true and non empty value for a parameter`,
      );
    }
    if (input?.UsePreviousValue && before === undefined) {
      throw validationError(
        `Invalid input for parameter key ${key}. Cannot specify usePreviousValue as true for a parameter key not in the previous template`,
      );
    }
    const value = input?.UsePreviousValue
      ? before?.value
      : (input?.ParameterValue ?? defaultText(declaration));
    if (value === undefined) {
      missing.push(key);
      continue;
    }
    checkLength(key, value);
    if (!isSsmValue(declaration.Type)) checkConstraints(key, value, declaration);
    values.push({ key, value, noEcho: String(declaration.NoEcho ?? false) === "true" });
  }
  if (missing.length > 0) throw validationError(`Parameters: [${missing.join(", ")}] must have values`);
  return values;
}

const defaultText = (declaration: ParameterDeclaration): string | undefined =>
  declaration.Default === undefined || declaration.Default === null ? undefined : String(declaration.Default);

const checkLength = (key: string, value: string): void => {
  if (Buffer.byteLength(value) > 4096) {
    throw validationError(`Parameter value for parameter name ${key} exceeds the limit of 4096 bytes`);
  }
};

export const isSsmValue = (type: string): boolean => type.startsWith("AWS::SSM::Parameter::Value<");

/** Returns the type inside `AWS::SSM::Parameter::Value<…>`. */
export const ssmValueType = (type: string): string => type.slice("AWS::SSM::Parameter::Value<".length, -1);

const isListType = (type: string): boolean =>
  type === "CommaDelimitedList" ||
  type.startsWith("List<") ||
  (isSsmValue(type) && isListType(ssmValueType(type)));

/** Returns a parameter's value as `Ref` gives it. */
export const parameterJson = (declaration: ParameterDeclaration, value: ParameterValue): Json => {
  const text = value.resolved ?? value.value;
  if (!isListType(declaration.Type)) return text;
  return text === "" && declaration.Type !== "CommaDelimitedList"
    ? []
    : text.split(",").map((item) => item.trim());
};

function checkConstraints(key: string, value: string, declaration: ParameterDeclaration): void {
  const reject = (reason: string): never => {
    const own = declaration.ConstraintDescription;
    throw validationError(
      own === undefined
        ? `Parameter '${key}' ${reason}`
        : `Parameter ${key} failed to satisfy constraint: ${own}`,
    );
  };
  const items = isListType(declaration.Type) ? value.split(",").map((item) => item.trim()) : [value];
  if (declaration.Type === "Number" || declaration.Type === "List<Number>") {
    for (const item of items) {
      if (item.trim() === "" || !Number.isFinite(Number(item)))
        throw validationError(`Parameter '${key}' must be a number.`);
    }
  }
  const allowed = declaration.AllowedValues;
  if (isList(allowed)) {
    const texts = allowed.map(String);
    if (items.some((item) => !texts.includes(item))) {
      reject(`must be one of AllowedValues`);
    }
  }
  if (declaration.AllowedPattern !== undefined) {
    const pattern = javaPattern(declaration.AllowedPattern);
    if (pattern === undefined)
      throw templateError(`Invalid AllowedPattern of parameter '${key}': ${declaration.AllowedPattern}`);
    if (items.some((item) => !pattern.test(item))) reject(`must match pattern ${declaration.AllowedPattern}`);
  }
  if (declaration.MinLength !== undefined && value.length < Number(declaration.MinLength)) {
    reject(`must contain at least ${String(declaration.MinLength)} characters`);
  }
  if (declaration.MaxLength !== undefined && value.length > Number(declaration.MaxLength)) {
    reject(`must contain at most ${String(declaration.MaxLength)} characters`);
  }
  for (const item of items) {
    if (declaration.MinValue !== undefined && Number(item) < Number(declaration.MinValue)) {
      reject(`must be a number not less than ${String(declaration.MinValue)}`);
    }
    if (declaration.MaxValue !== undefined && Number(item) > Number(declaration.MaxValue)) {
      reject(`must be a number not greater than ${String(declaration.MaxValue)}`);
    }
  }
}
