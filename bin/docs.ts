#!/usr/bin/env node
/** Writes what is generated from the code's own tables: packages/local-cloud/COVERAGE.md, docs/access.md and docs/schema/. `--check` only compares. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { coverage } from "@kedge/local-cloud/coverage";
import { accessDocs } from "#operate/access/docs.ts";
import { formatSchema, schemas } from "#release/line/schemas.ts";

const files: Readonly<Record<string, string>> = {
  "packages/local-cloud/COVERAGE.md": coverage(),
  "docs/access.md": await accessDocs(),
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
