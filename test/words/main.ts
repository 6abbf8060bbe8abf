/**
 * `npm run words` checks that comments, test titles and names are plain, and fails when a count rises above its ceiling.
 * `--list <folder> [--kind indefinite|fragments|banned|mentions]` prints the offenders below a folder.
 * `--lower` lowers the ceilings to the counts.
 */
import { spawnSync } from "node:child_process";
import { parseArgs } from "node:util";
import { lowered, readCeilings, risesOf, writeCeilings } from "./ceilings.ts";
import { kinds, measure, type Report, trackedFiles } from "./measure.ts";
import { offenderText, riseText, tableText } from "./report-text.ts";

const { values } = parseArgs({
  options: { list: { type: "string" }, kind: { type: "string" }, lower: { type: "boolean" } },
});
process.stdout.on("error", () => process.exit()); // `| head` closes the pipe early.
const print = (text: string): void => void process.stdout.write(`${text}\n`);

const report = measure(trackedFiles());
if (values.list !== undefined) list(report, values.list, values.kind);
else check(report);

/** The folder is one of folders.ts or the beginning of a path. */
function list({ offenders, counts }: Report, folder: string, kind: string | undefined): void {
  const wanted: readonly string[] = kind === undefined ? kinds : [kind];
  const listed = offenders.filter(
    (each) => wanted.includes(each.kind) && (each.folder === folder || each.path.startsWith(`${folder}/`)),
  );
  for (const each of listed) print(offenderText(each));
  if (listed.length === 0)
    print(
      `${folder} has no offender of the kinds ${wanted.join(", ")}. Folders: ${[...counts.keys()].join(", ")}`,
    );
}

function check(report: Report): void {
  const before = readCeilings();
  const ceilings = values.lower ? lowered(report, before) : before;
  if (values.lower && ceilings) writeCeilings(ceilings);
  print(tableText(report, ceilings));
  const rises = risesOf(report, ceilings);
  const changed = rises.length > 0 ? changedFiles() : new Set<string>();
  for (const rise of rises) print(`\n${riseText(rise, report.offenders, changed)}`);
  if (rises.length > 0) process.exitCode = 1;
}

/** The files of the last commit and of the working tree. A shallow clone has no last commit; then the set is empty. */
function changedFiles(): ReadonlySet<string> {
  const { stdout } = spawnSync("git", ["diff", "--name-only", "HEAD~1"], { encoding: "utf8" });
  return new Set(stdout.split("\n"));
}
