/**
 * Compares the settings of two versions of a release template by their JSON Schemas. Compatible settings keep
 * their meaning: the newer version allows all values of the older one and requires no new field.
 */
import semver from "semver";
import type { JsonSchema } from "#release/document/shape.ts";
import { ReleaseError } from "#release/errors/errors.ts";

/** Returns one sentence for each change that breaks settings of the earlier version. */
export function incompatibilities(before: JsonSchema, after: JsonSchema, at = "settings"): readonly string[] {
  const [old, now] = [fieldsOf(before), fieldsOf(after)];
  const required = requiredOf(before);
  return [
    ...typeChange(before, after, at),
    ...Object.keys(old).flatMap((name) => {
      const location = `${at}.${name}`;
      const inner = now[name];
      return inner === undefined
        ? [`${location} is gone.`]
        : incompatibilities(old[name] ?? {}, inner, location);
    }),
    ...requiredOf(after)
      .filter((name) => !required.includes(name))
      .map((name) => `${at}.${name} has to be given now.`),
    ...valuesGone(before, after, at),
    ...bounds(before, after, at),
    ...itemsOf(before, after, at),
  ];
}

/** Throws `TemplateIncompatible` when an incompatible change has no major version of its own. */
export function checkCompatibility(
  label: string,
  before: { readonly version: string; readonly settings: JsonSchema },
  after: { readonly version: string; readonly settings: JsonSchema },
): void {
  const broken = incompatibilities(before.settings, after.settings);
  if (broken.length === 0 || semver.major(after.version) > semver.major(before.version)) return;
  const next = semver.inc(before.version, "major");
  throw new ReleaseError(
    "TemplateIncompatible",
    `${label} breaks settings of ${before.version}, so it has to be ${next} or higher. ${broken.join(" ")}`,
  );
}

type Fields = Readonly<Record<string, JsonSchema>>;

const fieldsOf = ({ properties }: JsonSchema): Fields => (properties ?? {}) as Fields;
const requiredOf = ({ required }: JsonSchema): readonly string[] => (required ?? []) as readonly string[];

function typeChange(before: JsonSchema, after: JsonSchema, at: string): readonly string[] {
  const [old, now] = [typesOf(before), typesOf(after)];
  if (now.length === 0) return [];
  const gone = old.filter((type) => !now.includes(type));
  return gone.length === 0 ? [] : [`${at} was ${gone.join(" or ")} and is ${now.join(" or ")}.`];
}

const typesOf = ({ type }: JsonSchema): readonly string[] =>
  typeof type === "string" ? [type] : ((type ?? []) as readonly string[]);

function valuesGone(before: JsonSchema, after: JsonSchema, at: string): readonly string[] {
  const [old, now] = [before, after].map(({ enum: values, const: only }) =>
    values === undefined ? (only === undefined ? undefined : [only]) : (values as readonly unknown[]),
  );
  if (now === undefined) return [];
  if (old === undefined)
    return before["type"] === undefined ? [] : [`${at} allows only ${now.join(", ")} now.`];
  const gone = old.filter((value) => !now.includes(value));
  return gone.length === 0 ? [] : [`${at} no longer allows ${gone.join(", ")}.`];
}

function bounds(before: JsonSchema, after: JsonSchema, at: string): readonly string[] {
  const number = (schema: JsonSchema, name: string, otherwise: number): number =>
    typeof schema[name] === "number" ? schema[name] : otherwise;
  const narrower =
    number(after, "minimum", Number.NEGATIVE_INFINITY) >
      number(before, "minimum", Number.NEGATIVE_INFINITY) ||
    number(after, "maximum", Number.POSITIVE_INFINITY) <
      number(before, "maximum", Number.POSITIVE_INFINITY) ||
    number(after, "minItems", 0) > number(before, "minItems", 0);
  const pattern = after["pattern"] !== undefined && after["pattern"] !== before["pattern"];
  return [
    ...(narrower ? [`${at} allows a smaller range.`] : []),
    ...(pattern ? [`${at} has to match ${String(after["pattern"])} now.`] : []),
  ];
}

function itemsOf(before: JsonSchema, after: JsonSchema, at: string): readonly string[] {
  const inner = (name: "items" | "additionalProperties"): readonly string[] => {
    const [old, now] = [before[name], after[name]];
    if (!isSchema(old) || !isSchema(now)) return [];
    return incompatibilities(old, now, name === "items" ? `${at}[]` : `${at}.*`);
  };
  return [...inner("items"), ...inner("additionalProperties")];
}

const isSchema = (value: unknown): value is JsonSchema => typeof value === "object" && value !== null;
