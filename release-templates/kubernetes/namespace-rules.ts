/** Checks the namespace and the access of a release against the estate's rules for the environment. */
import { ReleaseError } from "#release/errors/errors.ts";
import type { Line } from "#release/names/key.ts";
import { fitsPatterns } from "#release/names/patterns.ts";
import type { Target } from "#release/traits/targets.ts";
import { namespaceOf } from "./release-stack.ts";
import type { Settings } from "./settings.ts";

/**
 * Throws `SettingNotAllowed`. Every application may use the namespace with the environment's name; the estate
 * names the applications of each other namespace.
 */
export function checkNamespace(settings: Settings, target: Target, { app }: Line): void {
  const { environment, kubernetes: { namespaces, admin } = { namespaces: {}, admin: [] } } = target;
  const namespace = namespaceOf(settings, target);
  const own = Object.entries(namespaces).flatMap(([name, apps]) => (fitsPatterns(app, apps) ? [name] : []));
  if (namespace !== environment && !own.includes(namespace)) {
    const seen = `For ${environment} namespace asks for ${namespace}; the estate allows ${app} there ${[environment, ...own].join(", ")}.`;
    throw new ReleaseError("SettingNotAllowed", seen);
  }
  if (settings.access === "admin" && !fitsPatterns(app, admin)) {
    const seen = `For ${environment} access asks for admin; the estate allows ${app} there edit.`;
    throw new ReleaseError("SettingNotAllowed", seen);
  }
}
