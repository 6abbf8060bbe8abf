/** Compares the calls of people with the commands that they run: `kedge access` derives them from the commands' code. */
import { join } from "node:path";
import { Command } from "commander";
import { beforeAll, describe, expect, it } from "vitest";
import type { Analysis } from "#access/analysis.ts";
import { type CallTable, readCallTable } from "#access/calls/call-table.ts";
import { commandDoor, commands } from "#access/calls/commands.ts";
import { check, missingCalls } from "#access/check.ts";
import { type Statement, strings } from "#access/deployed-estate.ts";
import { peopleNeeds } from "#access/needs/people-needs.ts";
import { callerOf, wordsOf } from "#bin/commands/callers.ts";
import { registerCommands } from "#bin/commands/index.ts";
import { changed, smallEstateAnalyst } from "./estate.ts";

const leaves = (command: Command): readonly Command[] =>
  command.commands.length === 0 ? [command] : command.commands.flatMap(leaves);

describe("the table of commands", () => {
  it("has the commands that call AWS, with the roles that their help names", async () => {
    const program = new Command("kedge");
    await registerCommands(program, undefined);
    const named = leaves(program).flatMap((command) => {
      const caller = callerOf(command);
      const roles = caller?.match(/kedge-[a-z-]+|administrator/g);
      return caller === undefined ? [] : [[wordsOf(command), [...new Set(roles)].toSorted()] as const];
    });
    const listed = Object.entries(commands).map(([words, { by }]) => [words, by.toSorted()]);
    expect(Object.fromEntries(listed)).toEqual(Object.fromEntries(named));
  });

  it.each(Object.entries(commands))("names the file that registers kedge %s", async (words, { file }) => {
    const module = (await import(join(process.cwd(), "bin/commands", `${file}.ts`))) as Record<
      string,
      (program: Command) => void
    >;
    const program = new Command("kedge");
    for (const [name, register] of Object.entries(module)) if (name.startsWith("register")) register(program);
    expect(leaves(program).map((command) => command.name())).toContain(words.split(" ").at(-1));
  });
});

/** No statement when the action was its only one. */
function without(statement: Statement, action: string): readonly Statement[] {
  const Action = strings(statement["Action"]).filter((name) => name !== action);
  return Action.length === 0 ? [] : [{ ...statement, Action }];
}

const documents = [
  "anchor/CiRole",
  "anchor/ApproverRole",
  "anchor/OperatorRole",
  "control-plane/TemplatePublisher",
];

describe("the analysis of people's grants", () => {
  let analyseSmallEstate: Awaited<ReturnType<typeof smallEstateAnalyst>>;
  let analysis: Analysis;
  let calls: CallTable;
  beforeAll(async () => {
    analyseSmallEstate = await smallEstateAnalyst();
    analysis = await analyseSmallEstate();
    calls = await readCallTable(process.cwd());
  });

  it("has read the calls of each command", () => {
    for (const words of Object.keys(commands))
      expect(
        calls[commandDoor(words)]?.flatMap((each) => each.commands),
        words,
      ).not.toEqual([]);
  });

  it.each(documents)(
    "finds the command that fails without a grant of %s, or the call of a person without a command",
    (role) => {
      const source = `${role}/identity`;
      const policies = [...analysis.estate.policies.values()].filter((each) => each.source === source);
      const byHand = peopleNeeds.map(({ why }) => why);
      for (const [index, statement] of (policies[0]?.statements ?? []).entries())
        for (const action of strings(statement["Action"])) {
          const overrides = new Map(
            policies.map(({ key, statements }) => [
              key,
              statements.flatMap((each, at) => (at === index ? without(each, action) : [each])),
            ]),
          );
          const { gained, lost } = analysis.relation.change(overrides);
          const gone = new Set(lost);
          const left = [...analysis.relation.allowed.filter((probe) => !gone.has(probe)), ...gained];
          const says = missingCalls(left, analysis).map((each) => each.says);
          const where = `${source}#${index} ${action}`;
          expect(says.length, where).toBeGreaterThan(0);
          expect(
            says.every((each) => / kedge [a-z ]+: /.test(each) || byHand.some((why) => each.includes(why))),
            `${where}: ${says.join(" ")}`,
          ).toBe(true);
        }
    },
  );

  it("reports the command when the template of the role lacks its grant", async () => {
    const broken = await analyseSmallEstate((deployments) =>
      deployments.map((each) =>
        changed(each, "anchor", (resources) => {
          const policies = resources["OperatorRole"]?.Properties?.["Policies"] as {
            PolicyDocument: { Statement: { Action: string | string[] }[] };
          }[];
          const document = policies[0]?.PolicyDocument;
          if (document)
            document.Statement = document.Statement.filter(
              ({ Action }) => !strings(Action).includes("lambda:InvokeFunction"),
            );
        }),
      ),
    );
    expect(check(broken).map(({ says }) => says)).toContain(
      "kedge-operator needs lambda:InvokeFunction at Sweep and does not have it: kedge sweep: orphanCollectorLambda.collect.",
    );
  });
});
