/**
 * Finds a file that is read or started beside the code: a script or a data file. The packed cloud has all
 * its files in one folder, and its scripts end with `.mjs`. `lib/bundle/bundle-local-cloud.ts` finds the
 * calls of this function by their text, so the name is a literal and the base is `import.meta.url`.
 *
 * @example siblingFile("tools/helm.ts", import.meta.url)
 */
export function siblingFile(name: string, base: string): URL {
  if (!base.endsWith(".mjs")) return new URL(name, base);
  const last = name.slice(name.lastIndexOf("/") + 1);
  return new URL(last.replace(/\.ts$/, ".mjs"), base);
}
