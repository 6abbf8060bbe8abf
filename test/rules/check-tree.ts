/** Runs all rules over one checkout. */
import { checkFile, type Edge, productRules, type Rules, type Violation } from "./check-table.ts";
import { findCircles } from "./find-circles.ts";
import type { Exception } from "./import-table.ts";
import { packageMaps, readText, sourceFiles } from "./read-tree.ts";

export function checkTree(root: string, given?: Rules): { violations: Violation[]; files: number } {
  const rules = given ?? productRules(packageMaps(root));
  const files = sourceFiles(root);
  const violations: Violation[] = [];
  const edges: Edge[] = [];
  const used: Exception[] = [];
  for (const file of files) {
    const checked = checkFile(rules, file, readText(root, file));
    violations.push(...checked.violations);
    edges.push(...checked.edges);
    used.push(...checked.used);
  }
  const whole = [...circleViolations(edges), ...idleExceptions(rules.exceptions, used)];
  return {
    violations: [...violations, ...whole.filter(({ rule }) => !rules.without?.includes(rule))],
    files: files.length,
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
