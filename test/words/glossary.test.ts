/** Tests that each place which docs/glossary.md names exists in the code. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const rows = readFileSync("docs/glossary.md", "utf8")
  .split("\n")
  .filter((line) => line.startsWith("| ") && !/^\| (term \||---)/.test(line))
  .map((line) => line.replace(/^\| | \|$/g, "").split(" | "));

const listed = execFileSync("git", ["ls-files", "-z", "*.ts", ":!test"], { encoding: "utf8" });
const code = listed
  .split("\0")
  .filter((file) => file !== "" && existsSync(file))
  .map((file) => readFileSync(file, "utf8"))
  .join("\n");

const exists = (name: string): boolean =>
  /[/.]/.test(name)
    ? existsSync(name)
    : new RegExp(`(?<![\\w$])${name.replace(/[^\w]/g, "\\$&")}(?![\\w$])`).test(code);

describe("the glossary", () => {
  it("has three columns in each row, and one place in the third", () => {
    const odd = rows.filter((row) => row.length !== 3 || !/^`[^`]+`$/.test(row[2] ?? ""));
    expect(odd).toEqual([]);
  });

  it("names places that exist", () => {
    const missing = rows.filter(([, , cell = ""]) => !exists(cell.replaceAll("`", "")));
    expect(missing.map(([term, , cell]) => `${term}: ${cell}`)).toEqual([]);
  });

  it("has one row for a term", () => {
    const terms = rows.map(([term]) => term);
    expect(terms).toEqual([...new Set(terms)]);
  });
});
