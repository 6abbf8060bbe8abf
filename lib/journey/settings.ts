/**
 * Resolves references in parameters, tags and settings in the target account, when an environment is
 * prepared.
 */

import type { StoredParameter, TargetSettings } from "#ports/target-settings.ts";
import {
  type FactName,
  type ParameterReference,
  parseReferences,
  type Reference,
  resolveReferences,
} from "#release/document/references.ts";
import { isObject, type PlainObject, type PlainValue } from "#release/document/template-document.ts";
import { ReleaseError } from "#release/errors/errors.ts";
import type { Line } from "#release/names/key.ts";
import { secretValue, secureParameter } from "#release/stack/dynamic-reference.ts";
import type { Target } from "#release/traits/targets.ts";

type Context = { readonly line: Line; readonly target: Target };
type Resolve = (text: string) => string;

/**
 * Reads all references of the texts, with one call per store. Secrets become dynamic references for
 * CloudFormation, so Kedge never reads their values. Throws `SettingMissing` with all names that the target
 * does not have.
 */
export async function resolverFor(
  settings: TargetSettings,
  context: Context,
  texts: readonly string[],
): Promise<Resolve> {
  const parsed = texts.map(parseReferences);
  const [unknown] = parsed.flatMap(({ problems }) => problems);
  if (unknown !== undefined) throw new ReleaseError("ParametersMalformed", unknown);
  const references = parsed.flatMap(({ pieces }) => pieces);
  const parameters = unique(references.flatMap((each) => (each.kind === "ssm" ? [selector(each)] : [])));
  const secrets = unique(references.flatMap((each) => (each.kind === "secret" ? [each.name] : [])));
  const stored = parameters.length > 0 ? await settings.read(context.target, parameters) : {};
  const existing = secrets.length > 0 ? await settings.secrets(context.target, secrets) : [];
  rejectMissing(
    context.target,
    parameters.filter((name) => !Object.hasOwn(stored, name)),
    secrets.filter((name) => !existing.includes(name)),
  );
  return (text) => resolveReferences(text, (reference) => resolved(reference, context, stored));
}

/** Reads parameters that have to exist. Throws `SettingMissing`. */
export async function readSettings(
  settings: Pick<TargetSettings, "read">,
  target: Target,
  names: readonly string[],
): Promise<Readonly<Record<string, StoredParameter>>> {
  const stored = await settings.read(target, names);
  rejectMissing(
    target,
    names.filter((name) => !Object.hasOwn(stored, name)),
    [],
  );
  return stored;
}

function resolved(
  reference: Reference,
  context: Context,
  stored: Readonly<Record<string, StoredParameter>>,
): string {
  if (reference.kind === "fact") return fact(reference.name, context);
  if (reference.kind === "secret") return secretValue(reference);
  const found = stored[selector(reference)];
  if (found?.secure) return secureParameter(reference, found.version);
  return found?.value ?? "";
}

const selector = ({ name, version }: ParameterReference): string =>
  version === undefined ? name : `${name}:${version}`;

/** Throws `SettingMissing` for a tenant that the target does not have. */
export function fact(name: FactName, { line, target }: Context): string {
  if (name === "branch" || name === "app") return line[name];
  if (name === "env") return target.environment;
  if (name !== "tenant") return target[name];
  if (target.tenant !== undefined) return target.tenant;
  const seen = `\${tenant} is wanted for ${target.environment}, which belongs to no tenant.`;
  throw new ReleaseError("SettingMissing", seen);
}

function rejectMissing(
  { environment, account, region }: Target,
  parameters: readonly string[],
  secrets: readonly string[],
): void {
  if (parameters.length + secrets.length === 0) return;
  const seen = [
    ...(parameters.length > 0 ? [`The parameter store has no ${parameters.join(", ")}.`] : []),
    ...(secrets.length > 0 ? [`Secrets Manager has no ${secrets.join(", ")}.`] : []),
  ];
  const where = `In account ${account}, ${region} (${environment}):`;
  throw new ReleaseError("SettingMissing", `${where} ${seen.join(" ")}`);
}

export function textsIn(value: PlainValue): readonly string[] {
  if (typeof value === "string") return [value];
  if (Array.isArray(value)) return (value as readonly PlainValue[]).flatMap(textsIn);
  return isObject(value) ? Object.values(value).flatMap(textsIn) : [];
}

/** References below this key stay unresolved: the application reads the values itself. */
const untouched = "secrets";

/** The settings with resolved references, except below `secrets`. */
export function resolveTree({ [untouched]: secrets, ...rest }: PlainObject, resolve: Resolve): PlainObject {
  return {
    ...(mapTexts(rest, resolve) as PlainObject),
    ...(secrets !== undefined && { [untouched]: secrets }),
  };
}

function mapTexts(value: PlainValue, map: Resolve): PlainValue {
  if (typeof value === "string") return map(value);
  if (Array.isArray(value)) return (value as readonly PlainValue[]).map((item) => mapTexts(item, map));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, mapTexts(inner, map)]));
}

const unique = (values: readonly string[]): readonly string[] => [...new Set(values)];
