/** Runs all rules over one checkout. */
import { checkSource, type Edge, productRules, type Violation } from "./check-table.ts";
import { findCircles } from "./find-circles.ts";
import { type Exception, publicEntries } from "./import-table.ts";
import { readSource } from "./read-source.ts";
import { packageMaps, readText, sourceFiles } from "./read-tree.ts";
import { namesTaken, unusedEntries, unusedExports } from "./unused-exports.ts";

export function checkTree(root: string): { violations: Violation[]; files: number } {
  const maps = packageMaps(root);
  const rules = productRules(maps);
  const sources = new Map(sourceFiles(root).map((file) => [file, readSource(file, readText(root, file))]));
  const checked = [...sources].map(([file, source]) => checkSource(rules, file, source));
  return {
    violations: [
      ...checked.flatMap(({ violations }) => violations),
      ...circleViolations(checked.flatMap(({ edges }) => edges)),
      ...unusedExports(sources, namesTaken(maps, sources)),
      ...unusedEntries(maps, sources, publicEntries),
      ...idleExceptions(
        rules.exceptions,
        checked.flatMap(({ used }) => used),
      ),
    ],
    files: sources.size,
  };
}

/** One violation for each circle, at the first import of its first file that stays in the circle. */
export const circleViolations = (edges: readonly Edge[]): Violation[] =>
  findCircles(edges).map((circle) => {
    const first = edges.find(({ from, to }) => from === circle[0] && circle.includes(to));
    return {
      file: circle[0] ?? "",
      line: first?.line ?? 1,
      rule: "circle",
      message: `These files import each other: ${circle.join(", ")}. Move the type to the file where it originates, or split a file.`,
    };
  });

/** An exception that no file needs any more. */
export const idleExceptions = (listed: readonly Exception[], used: readonly Exception[]): Violation[] =>
  listed
    .filter((exception) => !used.includes(exception))
    .map(({ file, needs }) => ({
      file,
      line: 1,
      rule: "idle exception",
      message: `No import or use needs the exception for ${needs} any more. Remove it from test/rules/import-table.ts.`,
    }));
