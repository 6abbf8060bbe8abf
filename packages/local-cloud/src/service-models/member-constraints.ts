/**
 * Checks an input against the service's model before the call runs: required members, lengths, ranges, patterns and
 * enums. It reports all violations in one error, in AWS's words.
 */
import { NormalizedSchema } from "@smithy/core/schema";
import { AwsError } from "#cloud/kernel/aws-error.ts";
import { requiredMembers, type SchemaRef } from "#cloud/wire/schema.ts";
import type { Constraint, Constraints } from "./constraint-table.ts";

type Found = {
  readonly name: string;
  readonly value: string;
  readonly path: string;
  readonly rule: string;
};

const REQUIRED = "Member must not be null";

type Words = {
  readonly code: string;
  readonly missing: ((name: string) => AwsError) | undefined;
};

export function checkMembers(
  constraints: Constraints,
  ref: SchemaRef,
  input: unknown,
  { code, missing }: Words,
): void {
  const found: Found[] = [];
  walk(constraints, NormalizedSchema.of(ref), input, "", found);
  const [first] = found;
  if (first === undefined) return;
  if (first.rule === REQUIRED && missing !== undefined) throw missing(first.name);
  const texts = found.map(
    ({ value, path, rule }) => `Value ${value}at '${path}' failed to satisfy constraint: ${rule}`,
  );
  throw new AwsError(
    code,
    `${found.length} validation error${found.length === 1 ? "" : "s"} detected: ${texts.join("; ")}`,
  );
}

function walk(
  table: Constraints,
  schema: NormalizedSchema,
  value: unknown,
  path: string,
  found: Found[],
): void {
  if (typeof value !== "object" || value === null) return;
  if (schema.isStructSchema()) {
    const members = table[schema.getName() ?? ""] ?? {};
    const required = requiredMembers(schema);
    for (const [name, member] of schema.structIterator()) {
      const inner = (value as Record<string, unknown>)[name];
      const at = `${path}${path === "" ? "" : "."}${name.charAt(0).toLowerCase()}${name.slice(1)}`;
      if (inner === undefined || inner === null) {
        if (required.includes(name)) found.push({ name, value: "null ", path: at, rule: REQUIRED });
        continue;
      }
      const constraint = members[name];
      if (constraint !== undefined) found.push(...violations(constraint, member, inner, at));
      walk(table, member, inner, at, found);
    }
  } else if (schema.isListSchema() && Array.isArray(value)) {
    value.forEach((item, index) => {
      walk(table, schema.getValueSchema(), item, `${path}.${index + 1}.member`, found);
    });
  }
}

function violations(
  constraint: Constraint,
  schema: NormalizedSchema,
  value: unknown,
  path: string,
): readonly Found[] {
  const show = (rule: string): Found => ({
    name: path,
    value: constraint.sensitive ? "" : `'${shown(value)}' `,
    path,
    rule,
  });
  if (schema.isListSchema() && Array.isArray(value)) {
    const { member } = constraint;
    const items = schema.getValueSchema();
    const failed =
      member !== undefined && value.some((item) => violations(member, items, item, path).length > 0);
    const rules = lengthRules(constraint, value.length);
    return (
      failed
        ? [
            ...rules,
            `Member must satisfy constraint: [${allRules(member, items.isNumericSchema() ? "value" : "length")}]`,
          ]
        : rules
    ).map(show);
  }
  if (schema.isMapSchema()) return mapRules(constraint, schema, Object(value) as object).map(show);
  if (schema.isBlobSchema() && value instanceof Uint8Array)
    return lengthRules(constraint, value.length).map(show);
  if (schema.isNumericSchema()) return numberRules(constraint, Number(value)).map(show);
  return typeof value === "object" ? [] : textRules(constraint, String(value)).map(show);
}

function mapRules(constraint: Constraint, schema: NormalizedSchema, value: object): readonly string[] {
  const found = [...lengthRules(constraint, Object.keys(value).length)];
  const { key, value: item } = constraint;
  if (key !== undefined && Object.keys(value).some((name) => textRules(key, name).length > 0))
    found.push(`Map keys must satisfy constraint: [${allRules(key, "length")}]`);
  const items = schema.getValueSchema();
  if (item !== undefined && Object.values(value).some((each) => violations(item, items, each, "").length > 0))
    found.push(
      `Map value must satisfy constraint: [${allRules(item, items.isNumericSchema() ? "value" : "length")}]`,
    );
  return found;
}

/** AWS lists every constraint of the items of a list or map, and not only the violated ones. */
const allRules = ({ min, max, pattern, enum: allowed }: Constraint, measure: "length" | "value"): string =>
  [
    max !== undefined && `Member must have ${measure} less than or equal to ${max}`,
    min !== undefined && `Member must have ${measure} greater than or equal to ${min}`,
    pattern !== undefined && `Member must satisfy regular expression pattern: ${pattern}`,
    allowed !== undefined && `Member must satisfy enum value set: [${allowed.join(", ")}]`,
  ]
    .filter((rule) => rule !== false)
    .join(", ");

/** AWS shows the value as Java prints it. */
function shown(value: unknown): string {
  if (typeof value !== "object" || value === null) return String(value);
  if (value instanceof Uint8Array)
    return `java.nio.HeapByteBuffer[pos=0 lim=${value.length} cap=${value.length}]`;
  if (Array.isArray(value))
    return `[${value.map((item) => (typeof item === "object" ? JSON.stringify(item) : String(item))).join(", ")}]`;
  return `{${Object.entries(value)
    .map(([key, item]) => `${key}=${String(item)}`)
    .join(", ")}}`;
}

function lengthRules(constraint: Constraint, length: number): readonly string[] {
  const found: string[] = [];
  if (constraint.max !== undefined && length > constraint.max) {
    found.push(`Member must have length less than or equal to ${constraint.max}`);
  }
  if (constraint.min !== undefined && length < constraint.min) {
    found.push(`Member must have length greater than or equal to ${constraint.min}`);
  }
  return found;
}

function numberRules(constraint: Constraint, value: number): readonly string[] {
  if (constraint.max !== undefined && value > constraint.max) {
    return [`Member must have value less than or equal to ${constraint.max}`];
  }
  if (constraint.min !== undefined && value < constraint.min) {
    return [`Member must have value greater than or equal to ${constraint.min}`];
  }
  return [];
}

function textRules(constraint: Constraint, value: string): readonly string[] {
  const found = [...lengthRules(constraint, value.length)];
  if (constraint.pattern !== undefined && !matchesPattern(constraint.pattern, value)) {
    found.push(`Member must satisfy regular expression pattern: ${constraint.pattern}`);
  }
  if (constraint.enum !== undefined && !constraint.enum.includes(value)) {
    found.push(`Member must satisfy enum value set: [${constraint.enum.join(", ")}]`);
  }
  return found;
}

/**
 * A pattern of a model is a regular expression of Java and has to match the whole text. JavaScript's unicode mode
 * refuses needless escapes, which some models have.
 */
function matchesPattern(pattern: string, value: string): boolean {
  const ignoresCase = pattern.startsWith("(?i)");
  const source = `^(?:${ignoresCase ? pattern.slice(4) : pattern})$`;
  const flags = ignoresCase ? "si" : "s";
  let expression: RegExp;
  try {
    expression = new RegExp(source, `${flags}u`);
  } catch {
    expression = new RegExp(source, flags);
  }
  return expression.test(value);
}
