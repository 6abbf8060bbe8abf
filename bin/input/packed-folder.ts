/** The folder of a packed command line, `dist/` of a build. Undefined in a checkout, where the sources run. */

declare const KEDGE_VERSION: string | undefined;

/** The bundler defines the version, and puts every module into the folder itself or into `cli/` below it. */
export function packedFolder(): string | undefined {
  if (typeof KEDGE_VERSION !== "string") return undefined;
  return import.meta.dirname.replace(/[\\/]cli$/, "");
}
