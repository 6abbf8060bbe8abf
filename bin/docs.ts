#!/usr/bin/env node
/**
 * Writes the documents that are generated from the code's own tables: packages/local-cloud/COVERAGE.md,
 * docs/access.md and docs/schema/. `--check` only compares.
 */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { coverage } from "@kedge/local-cloud/coverage";
import { check as checkAccess } from "#access/check.ts";
import { accessPage } from "#access/page.ts";
import { analyseAccess } from "#operate/access.ts";
import { formatSchema, schemas } from "#release/line/schemas.ts";
import { accessDeps } from "./input/access-deps.ts";
import { readEstate } from "./input/estate-file.ts";

const access = await analyseAccess(accessDeps, await readEstate("examples/estate.yml"));
const files: Readonly<Record<string, string>> = {
  "packages/local-cloud/COVERAGE.md": coverage(),
  "docs/access.md": accessPage(access, checkAccess(access)),
  ...Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => [`docs/schema/${name}`, formatSchema(schema)]),
  ),
};

const check = process.argv.includes("--check");
const stale: string[] = [];
for (const [file, text] of Object.entries(files)) {
  const written = await readFile(file, "utf8").catch(() => "");
  if (written === text) continue;
  stale.push(file);
  if (check) continue;
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}
if (stale.length > 0)
  process.stdout.write(`${check ? "out of date, run npm run docs" : "written"}: ${stale.join(", ")}\n`);
if (check && stale.length > 0) process.exitCode = 1;
