/**
 * Checks an input against the lengths, ranges, patterns and enums of AWS's model, and reports violations in
 * AWS's words.
 */
import { NormalizedSchema } from "@smithy/core/schema";
import { AwsError } from "#cloud/kernel/aws-error.ts";
import type { SchemaRef } from "#cloud/wire/schema.ts";

type Constraint = {
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: string;
  readonly enum?: readonly string[];
  /** The constraint of a list's items. */
  readonly member?: Constraint;
  /** The constraint of a map's keys; `value` constrains its values. */
  readonly key?: Constraint;
  readonly value?: Constraint;
};

/** The constraints by structure and member, with the names of the model. */
export type Constraints = Readonly<Record<string, Readonly<Record<string, Constraint>>>>;

type Found = { readonly value: string; readonly path: string; readonly rule: string };

/** Throws one ValidationException that lists all violations, as AWS does. */
export function checkMembers(constraints: Constraints, ref: SchemaRef, input: unknown): void {
  const found: Found[] = [];
  walk(constraints, NormalizedSchema.of(ref), input, "", found);
  if (found.length === 0) return;
  const texts = found.map(
    ({ value, path, rule }) => `Value ${value} at '${path}' failed to satisfy constraint: ${rule}`,
  );
  throw new AwsError(
    "ValidationException",
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
  if (value === undefined || value === null || typeof value !== "object") return;
  if (schema.isStructSchema()) {
    const members = table[schema.getName() ?? ""] ?? {};
    for (const [name, member] of schema.structIterator()) {
      const inner = (value as Record<string, unknown>)[name];
      if (inner === undefined || inner === null) continue;
      const at = path === "" ? name : `${path}.${name}`;
      const constraint = members[name];
      if (constraint !== undefined) found.push(...violations(constraint, inner, at));
      walk(table, member, inner, at, found);
    }
  } else if (schema.isListSchema() && Array.isArray(value)) {
    value.forEach((item, index) => {
      walk(table, schema.getValueSchema(), item, `${path}.${index + 1}.member`, found);
    });
  }
}

function violations(constraint: Constraint, value: unknown, path: string): readonly Found[] {
  if (Array.isArray(value)) {
    const { member } = constraint;
    const items =
      member === undefined
        ? []
        : value.flatMap((item, index) => violations(member, item, `${path}.${index + 1}.member`));
    return [
      ...rules(constraint, value.length).map((rule) => ({ value: `'${shown(value)}'`, path, rule })),
      ...items,
    ];
  }
  if (typeof value === "object" && value !== null) return mapViolations(constraint, value, path);
  if (typeof value === "number") {
    return numberRules(constraint, value).map((rule) => ({ value: `'${value}'`, path, rule }));
  }
  return textRules(constraint, String(value)).map((rule) => ({ value: `'${String(value)}'`, path, rule }));
}

function mapViolations(constraint: Constraint, value: object, path: string): readonly Found[] {
  const found: Found[] = [];
  for (const [key, item] of Object.entries(value)) {
    const keyRules = constraint.key === undefined ? [] : textRules(constraint.key, key);
    if (keyRules.length > 0) {
      found.push({
        value: `'${shown(value)}'`,
        path,
        rule: `Map keys must satisfy constraint: [${keyRules.join(", ")}]`,
      });
    }
    const itemRules = constraint.value === undefined ? [] : textRules(constraint.value, String(item));
    if (itemRules.length > 0) {
      found.push({
        value: `'${shown(value)}'`,
        path,
        rule: `Map value must satisfy constraint: [${itemRules.join(", ")}]`,
      });
    }
  }
  return found;
}

const shown = (value: object): string =>
  Array.isArray(value)
    ? `[${value.map((item) => (typeof item === "object" ? JSON.stringify(item) : String(item))).join(", ")}]`
    : `{${Object.entries(value)
        .map(([key, item]) => `${key}=${String(item)}`)
        .join(", ")}}`;

function rules(constraint: Constraint, length: number): readonly string[] {
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
  const found = [...rules(constraint, value.length)];
  if (constraint.pattern !== undefined && !new RegExp(`^(?:${constraint.pattern})$`, "su").test(value)) {
    found.push(`Member must satisfy regular expression pattern: ${constraint.pattern}`);
  }
  if (constraint.enum !== undefined && !constraint.enum.includes(value)) {
    found.push(`Member must satisfy enum value set: [${constraint.enum.join(", ")}]`);
  }
  return found;
}
