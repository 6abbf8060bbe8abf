/** Plants one violation for each rule, in memory, and removes the rule again: only that rule may refuse it. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { checkFile, denied, productRules, type Rules, ruleIds, type Violation } from "./check-table.ts";
import { circleViolations, idleExceptions } from "./check-tree.ts";
import { withTable } from "./describe-table.ts";
import { findCircles } from "./find-circles.ts";
import type { Effect } from "./globals.ts";
import { exceptions, rows } from "./import-table.ts";
import { effectPlants, generalPlants, harmless, importPlants, type Plant, spellings } from "./plants.ts";
import { readSource } from "./read-source.ts";
import { packageMaps } from "./read-tree.ts";
import { namesTaken, unusedEntries, unusedExports } from "./unused-exports.ts";

const rules = productRules(packageMaps("."));
const violationsOf = (
  { file, text }: Pick<Plant, "file" | "text">,
  given: Rules = rules,
): readonly Violation[] => checkFile(given, file, text).violations;

/** Rules that deny nothing. */
const free = new Set(["imports bench", "imports test", "imports packages/local-cloud/test"]);

const fileIn = (folder: string): string => `${folder.replace("*", "example")}/x.ts`;
const effectsPlanted: readonly Plant[] = rows.flatMap((row) =>
  denied(row).flatMap((effect) =>
    (effectPlants[effect] ?? []).map((text) => ({
      rule: `${effect} ${row.folder}`,
      file: fileIn(row.folder),
      text,
    })),
  ),
);
const planted = Map.groupBy([...importPlants, ...effectsPlanted, ...generalPlants], ({ rule }) => rule);

describe("the rules about single files", () => {
  it("the rules about single files have a planted violation each", () => {
    expect(ruleIds(rows).filter((id) => !free.has(id) && !planted.has(id))).toEqual([]);
  });

  it.each([...planted.keys()])(
    "the rules about single files refuse the violations of the rule `%s`, and accept them without it",
    (rule) => {
      for (const plant of planted.get(rule) ?? []) {
        const rejectingRules = new Set(violationsOf(plant).map((violation) => violation.rule));
        expect([plant.text, ...rejectingRules]).toEqual([plant.text, rule]);
        expect(violationsOf(plant, { ...rules, without: [rule] })).toEqual([]);
      }
    },
  );

  it("the rules about single files name the file, the line, the rule and the remedy", () => {
    const [violation] = violationsOf({
      file: "lib/journey/x.ts",
      text: '/** Reads. */\nimport { resultsS3 } from "#aws/results-s3.ts";',
    });
    expect(violation).toEqual({
      file: "lib/journey/x.ts",
      line: 2,
      rule: "imports lib/journey",
      message: expect.stringMatching(
        /^imports lib\/aws\/results-s3\.ts\. lib\/journey may import itself, lib\/release.*A use case speaks to a port/,
      ),
    });
  });

  it.each(spellings)(
    "the rules about single files refuse a forbidden import written as %s",
    (_spelling, text) => {
      expect(violationsOf({ file: "lib/journey/x.ts", text }).map(({ rule }) => rule)).toContain(
        "imports lib/journey",
      );
    },
  );

  it("the rules about single files refuse a forbidden import by a relative path", () => {
    const found = violationsOf({
      file: "lib/journey/x.ts",
      text: 'import { x } from "../aws/results-s3.ts";',
    });
    expect(found.map(({ rule }) => rule)).toEqual(["parent path", "imports lib/journey"]);
  });

  it("the rules about single files refuse the product in the embedded cloud, in its sources and its tests", () => {
    for (const file of ["packages/local-cloud/src/kernel/x.ts", "packages/local-cloud/test/s3/x.ts"]) {
      const found = violationsOf({
        file,
        text: 'import { decide } from "../../../../lib/release/line/decide.ts";',
      });
      expect(found.map(({ message }) => message).join("\n")).toContain("knows AWS and no release");
    }
  });

  it("the rules about single files refuse a file of the embedded cloud that is imported past its exports", () => {
    const text = 'import { x } from "../packages/local-cloud/src/services/s3/state.ts";';
    expect(violationsOf({ file: "test/x.ts", text }).map(({ rule }) => rule)).toEqual([
      "parent path",
      "package door",
    ]);
  });

  it.each(harmless)("the rules about single files accept a use that only looks like a global: %s", (text) => {
    expect(violationsOf({ file: "lib/release/line/x.ts", text })).toEqual([]);
  });

  it("the rules about single files accept a date that is computed from another one where a row allows dates", () => {
    expect(
      violationsOf({ file: "lib/journey/x.ts", text: "export const at = new Date(5).toISOString();" }),
    ).toEqual([]);
  });

  it("the rules about single files refuse a file that does not parse", () => {
    expect(() => violationsOf({ file: "lib/journey/x.ts", text: "import {" })).toThrow("does not parse");
  });
});

describe("exceptions", () => {
  it("exceptions let one file have what it needs, and nothing else", () => {
    const exception = { file: "lib/journey/x.ts", needs: "clock", reason: "a test" };
    const given = { ...rules, exceptions: [exception] };
    const text = "export const now = Date.now(); export const roll = Math.random();";
    expect(violationsOf({ file: "lib/journey/x.ts", text }, given).map(({ rule }) => rule)).toEqual([
      "chance lib/journey",
    ]);
    expect(violationsOf({ file: "lib/journey/y.ts", text }, given)).toHaveLength(2);
  });

  it("exceptions are rejected when no file needs them", () => {
    const exception = { file: "lib/journey/x.ts", needs: "clock", reason: "a test" };
    expect(idleExceptions([exception], [])).toMatchObject([
      { file: "lib/journey/x.ts", rule: "idle exception" },
    ]);
  });

  it("exceptions give a reason", () => {
    for (const { reason } of exceptions) expect(reason.length).toBeGreaterThan(20);
  });
});

describe("the rule against circles", () => {
  const edgesOf = (files: Readonly<Record<string, string>>) =>
    Object.entries(files).flatMap(([file, text]) => checkFile(rules, file, text).edges);

  it("refuses two files that import each other's types", () => {
    const edges = edgesOf({
      "lib/synth/a.ts": 'import type { B } from "./b.ts"; export type A = B;',
      "lib/synth/b.ts": 'export type B = import("#synth/a.ts").A;',
    });
    expect(circleViolations(edges)).toMatchObject([{ file: "lib/synth/a.ts", line: 1, rule: "circle" }]);
    expect(circleViolations(edges)[0]?.message).toContain("Move the type to the file where it originates");
  });

  it("refuses a circle of three files, and a file that imports itself", () => {
    const edges = edgesOf({
      "lib/synth/a.ts": 'import "./b.ts";',
      "lib/synth/b.ts": 'export { c } from "./c.ts";',
      "lib/synth/c.ts": 'export const a = import("./a.ts");',
      "lib/synth/d.ts": 'import "./d.ts";',
    });
    expect(findCircles(edges)).toEqual([
      ["lib/synth/a.ts", "lib/synth/b.ts", "lib/synth/c.ts"],
      ["lib/synth/d.ts"],
    ]);
  });

  it("accepts files that import in one direction", () => {
    const edges = edgesOf({
      "lib/synth/a.ts": 'import "./b.ts"; import "./c.ts";',
      "lib/synth/b.ts": 'import "./c.ts";',
    });
    expect(findCircles(edges)).toEqual([]);
  });
});

describe("the rule against unused exports", () => {
  const unusedIn = (files: Readonly<Record<string, string>>) => {
    const sources = new Map(Object.entries(files).map(([file, text]) => [file, readSource(file, text)]));
    return unusedExports(sources, namesTaken(rules.maps, sources)).map(({ file, line, message }) => ({
      at: `${file}:${line}`,
      name: / imports (\S+)\. Remove the word export/.exec(message)?.[1],
    }));
  };

  it("refuses a value and a type that no other file imports, used in their own file or not", () => {
    const text =
      "export type Options = { a: 1 };\nexport const run = (options: Options) => twice(options);\nexport const twice = run;";
    expect(
      unusedIn({ "lib/synth/a.ts": text, "lib/synth/b.ts": 'import { run } from "./a.ts"; run;' }),
    ).toEqual([
      { at: "lib/synth/a.ts:1", name: "Options" },
      { at: "lib/synth/a.ts:3", name: "twice" },
    ]);
  });

  it("accepts exports that are imported by name, as a whole or by import()", () => {
    expect(
      unusedIn({
        "lib/synth/a.ts": "export type A = 1;",
        "lib/synth/b.ts": "export const b = 1;",
        "lib/synth/c.ts": 'import type { A } from "#synth/a.ts"; import * as all from "./b.ts";',
        "lib/synth/d.ts": "const hidden = 1;",
      }),
    ).toEqual([]);
  });

  it("accepts the handlers that Lambda calls", () => {
    expect(unusedIn({ "lambdas/x.ts": "export const handler = 1;" })).toEqual([]);
  });
});

describe("the rule against unused entries of an exports map", () => {
  const maps = [
    { name: "@kedge/x", folder: "packages/x", imports: {}, exports: { ".": "./a.ts", "./b": "./b.ts" } },
  ];

  it("refuses an entry that no file outside the package imports", () => {
    expect(unusedEntries(maps, new Map(), ["."])).toMatchObject([
      { file: "packages/x/package.json", rule: "unused entry" },
    ]);
  });

  it("accepts an entry that a file imports", () => {
    const sources = new Map([["bin/x.ts", readSource("bin/x.ts", 'import "@kedge/x/b";')]]);
    expect(unusedEntries(maps, sources, ["."])).toEqual([]);
  });
});

describe("the table", () => {
  it("lists an order of lib/release in which each folder imports earlier ones only", () => {
    const core = rows.filter(({ folder }) => folder.startsWith("lib/release/"));
    core.forEach(({ may }, at) => {
      expect(may).toEqual(core.slice(0, at).map(({ folder }) => folder));
    });
  });

  it("keeps the clock, chance, the process, timers and the network out of what has to be pure", () => {
    const pure = ["lib/journey", "lib/operate", "lib/synth", "release-templates/*", "lib/ports"];
    const effects: readonly Effect[] = ["clock", "chance", "process", "timers", "network"];
    for (const row of rows)
      if (pure.includes(row.folder) || row.folder.startsWith("lib/release/"))
        expect(denied(row)).toEqual(expect.arrayContaining([...effects]));
  });
});

describe("ARCHITECTURE.md", () => {
  it("shows the import table", () => {
    const document = readFileSync("ARCHITECTURE.md", "utf8");
    expect(withTable(document, rows), "run `npm run rules -- --write`").toBe(document);
  });
});
