#!/usr/bin/env node
/**
 * Checks the whole checkout against the rules, and prints each violation with its rule and its remedy.
 * `--write` writes the import table of ARCHITECTURE.md first. Exit code 1 when there is a violation.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { checkTree } from "./check-tree.ts";
import { withTable } from "./describe-table.ts";
import { rows } from "./import-table.ts";

if (process.argv.includes("--write"))
  writeFileSync("ARCHITECTURE.md", withTable(readFileSync("ARCHITECTURE.md", "utf8"), rows));

const { violations, files } = checkTree(process.cwd());
for (const { file, line, rule, message } of violations)
  process.stdout.write(`${file}:${line} [${rule}] ${message}\n`);
process.stdout.write(`rules: ${files} files, ${violations.length} violations\n`);
if (violations.length > 0) process.exitCode = 1;
