/** The version of Kedge. It stands in package.json alone; the bundler writes it into the packed command line. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

declare const KEDGE_VERSION: string | undefined;

const fromPackage = (): string =>
  (JSON.parse(readFileSync(join(import.meta.dirname, "..", "package.json"), "utf8")) as { version: string })
    .version;

export const version = (): string => (typeof KEDGE_VERSION === "string" ? KEDGE_VERSION : fromPackage());
