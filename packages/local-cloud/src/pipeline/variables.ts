/**
 * Resolves references to variables (`#{namespace.key}`) in the configuration values where AWS resolves
 * them.
 */

type Reference = { readonly namespace: string; readonly key: string };

const WELL_FORMED = /#\{([A-Za-z0-9@\-_]+)\.([A-Za-z0-9@\-_]+)\}/g;
const ANY = /#\{([^}]*)\}/g;

export const referencesIn = (text: string): readonly Reference[] =>
  [...text.matchAll(WELL_FORMED)].map(([, namespace = "", key = ""]) => ({ namespace, key }));

/** Returns the texts between `#{` and `}` that are not a namespace and a key. */
export const malformedIn = (text: string): readonly string[] =>
  [...text.matchAll(ANY)]
    .map(([, inside = ""]) => inside)
    .filter((inside) => !/^[A-Za-z0-9@\-_]+\.[A-Za-z0-9@\-_]+$/.test(inside));

export type Scope = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Replaces each reference once. It does not search the inserted values for further references. */
export function resolveText(
  text: string,
  scope: Scope,
): { readonly text: string; readonly missing: readonly string[] } {
  const missing: string[] = [];
  const resolved = text.replace(WELL_FORMED, (whole, namespace: string, key: string) => {
    const values = Object.hasOwn(scope, namespace) ? scope[namespace] : undefined;
    if (values !== undefined && Object.hasOwn(values, key)) return values[key] ?? "";
    missing.push(`${namespace}.${key}`);
    return whole;
  });
  return { text: resolved, missing };
}

/** Resolves every value of a configuration. */
export function resolveConfiguration(
  configuration: Readonly<Record<string, string>>,
  scope: Scope,
): { readonly configuration: Readonly<Record<string, string>>; readonly missing: readonly string[] } {
  const missing: string[] = [];
  const resolved = Object.entries(configuration).map(([key, value]): [string, string] => {
    const result = resolveText(value, scope);
    missing.push(...result.missing);
    return [key, result.text];
  });
  return { configuration: Object.fromEntries(resolved), missing };
}
