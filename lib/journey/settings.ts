/** `${ssm:/path}` in parameters: values the target account knows, resolved there when an environment is prepared. */
import { ReleaseError } from "#release/errors.ts";
import type { Parameters } from "#release/parameters.ts";
import type { AccountInRegion, TargetSettings } from "./ports.ts";

const reference = /\$\{ssm:([A-Za-z0-9_.\-/]+)\}/g;

/** Throws `ParametersMissing`, naming every setting the target does not have. */
export async function resolveSettings(
  settings: TargetSettings,
  target: AccountInRegion & { readonly environment: string },
  { values, tags }: Parameters,
): Promise<Parameters> {
  const names = new Set(
    Object.values(values).flatMap((value) => [...value.matchAll(reference)].map(([, name = ""]) => name)),
  );
  if (names.size === 0) return { values, tags };
  const known = await settings.read(target, [...names]);
  const missing = [...names].filter((name) => !Object.hasOwn(known, name));
  if (missing.length > 0) {
    const where = `${target.environment} (account ${target.account}, ${target.region})`;
    const seen = `The parameter store of ${where} has no ${missing.join(", ")}, which the parameters refer to.`;
    throw new ReleaseError("ParametersMissing", seen);
  }
  const resolved = Object.entries(values).map(([parameter, value]) => [
    parameter,
    value.replace(reference, (_, name: string) => known[name] ?? ""),
  ]);
  return { values: Object.fromEntries(resolved) as Parameters["values"], tags };
}
