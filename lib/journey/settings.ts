/** `${ssm:/path}` in parameters and settings: values the target account knows, resolved there when an environment is prepared. */
import { ReleaseError } from "#release/errors.ts";
import type { Parameters } from "#release/parameters.ts";
import { isObject, type PlainObject, type PlainValue } from "#release/template-document.ts";
import type { AccountInRegion, TargetSettings } from "./ports.ts";

const reference = /\$\{ssm:([A-Za-z0-9_.\-/]+)\}/g;

type Place = AccountInRegion & { readonly environment: string };
type Resolve = (text: string) => string;

/** Throws `ParametersMissing`, naming every setting the target does not have. */
export async function resolveSettings(
  settings: TargetSettings,
  target: Place,
  { values, tags }: Parameters,
): Promise<Parameters> {
  const resolve = await resolver(settings, target, Object.values(values));
  const resolved = Object.entries(values).map(([name, value]) => [name, resolve(value)]);
  return { values: Object.fromEntries(resolved) as Parameters["values"], tags };
}

/** Whose values are for the application alone; it gets them from where they are. */
const untouched = "secrets";

/** The same for the settings of the traits; what stands under `secrets` stays as it is. */
export async function resolveTree(
  settings: TargetSettings,
  target: Place,
  tree: PlainObject,
): Promise<PlainObject> {
  const { [untouched]: secrets, ...rest } = tree;
  const resolve = await resolver(settings, target, [...textsIn(rest)]);
  return {
    ...(mapTexts(rest, resolve) as PlainObject),
    ...(secrets !== undefined && { [untouched]: secrets }),
  };
}

async function resolver(settings: TargetSettings, target: Place, texts: readonly string[]): Promise<Resolve> {
  const names = new Set(texts.flatMap((text) => [...text.matchAll(reference)].map(([, name = ""]) => name)));
  if (names.size === 0) return (text) => text;
  const known = await settings.read(target, [...names]);
  const missing = [...names].filter((name) => !Object.hasOwn(known, name));
  if (missing.length > 0) {
    const where = `${target.environment} (account ${target.account}, ${target.region})`;
    const seen = `The parameter store of ${where} has no ${missing.join(", ")}, which the parameters refer to.`;
    throw new ReleaseError("ParametersMissing", seen);
  }
  return (text) => text.replace(reference, (_, name: string) => known[name] ?? "");
}

function* textsIn(value: PlainValue): Generator<string> {
  if (typeof value === "string") yield value;
  else if (typeof value === "object" && value !== null)
    for (const inner of Object.values(value) as readonly PlainValue[]) yield* textsIn(inner);
}

function mapTexts(value: PlainValue, map: Resolve): PlainValue {
  if (typeof value === "string") return map(value);
  if (Array.isArray(value)) return (value as readonly PlainValue[]).map((item) => mapTexts(item, map));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, mapTexts(inner, map)]));
}
