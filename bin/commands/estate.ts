/** `kedge estate check`: reads an estate file as the control plane would, and shows which branch may go where. */
import { readFile } from "node:fs/promises";
import { styleText } from "node:util";
import type { Command } from "commander";
import { classOf } from "#release/estate/branch-class.ts";
import type { Estate } from "#release/estate/estate.ts";
import { parseEstate } from "#release/estate/estate-parse.ts";
import { environmentsFor } from "#release/traits/targets.ts";
import { CommandError } from "./outcome.ts";

type CheckOptions = { readonly branch: string[]; readonly json?: boolean };

export function registerEstate(program: Command): void {
  const estate = program.command("estate").description("Work with the estate file.");
  estate
    .command("check")
    .argument("<file>", "the estate file, e.g. estate.yml")
    .description("Check an estate file and show which branch may reach which environment.")
    .option("--branch <name...>", "branches to show", ["main", "feature/example"])
    .option("--json", "print the estate as it is understood")
    .action(async (file: string, options: CheckOptions) => {
      const parsed = parseEstate(await readText(file));
      process.stdout.write(
        options.json ? `${JSON.stringify(parsed, null, 2)}\n` : `${describe(parsed, options.branch)}\n`,
      );
    });
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    throw new CommandError(
      `Cannot read ${file}: ${cause instanceof Error ? cause.message : String(cause)}`,
      undefined,
      { cause },
    );
  }
}

function paceOf({ pace, teams }: Estate): string {
  const caps = teams.map(({ name, concurrent }) => `, ${name} ${concurrent} of them`).join("");
  return `in each anchor at most ${pace.releases} lines at work at once${caps}, and ${pace.pipelines} pipelines`;
}

function describe(estate: Estate, branches: readonly string[]): string {
  const lines = [`central account ${estate.central} in ${estate.region}`, paceOf(estate)];
  for (const anchor of estate.anchors) {
    lines.push(`\n${styleText("bold", anchor.name)} ${anchor.account}`);
    for (const environment of anchor.environments) {
      const gates = [environment.approval && "approval", environment.protected && "protected"]
        .filter(Boolean)
        .join(", ");
      lines.push(
        `  ${environment.name.padEnd(10)} ${environment.account}  accepts ${environment.branches.join(", ")}${gates === "" ? "" : `  (${gates})`}`,
      );
    }
    for (const branch of branches) {
      const { targets, tombstone } = environmentsFor(estate, { account: anchor.account, app: "app", branch });
      const way =
        targets
          .map(({ environment, approval }) => (approval ? `approval → ${environment}` : environment))
          .join(" → ") || "nowhere";
      const days = targets.some((target) => target.protected)
        ? undefined
        : estate.ttlDays[classOf(estate, { branch })];
      const ends = days === undefined ? "" : `, torn down ${days} days after its last upload`;
      const refused = tombstone.allowed ? "" : "  (a tombstone is refused)";
      lines.push(`  ${branch}: ${way}  [${classOf(estate, { branch })}${ends}]${refused}`);
    }
  }
  return lines.join("\n");
}
