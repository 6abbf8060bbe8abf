/** Calls each command with a wrong role. The error names the role that was used, the denied call, and the role that the command needs. */
import { Command } from "commander";
import { expect, test } from "vitest";
import { callerOf, callers, wordsOf } from "#bin/commands/callers.ts";
import { registerCommands } from "#bin/commands/index.ts";
import { estate } from "#test/support/estate.ts";
import { kedge } from "#test/support/kedge.ts";

const shop = estate();
const anchor = "111111111111";
const central = "101010101010";
const otherAnchor = "121212121212";
const line = ["--account", anchor, "--app", "wrong-role", "--branch", "main"];
const asCi = { account: anchor, role: "kedge-ci" };
const asApprover = { account: anchor, role: "kedge-approver" };
const asProvisioner = { account: central, role: "kedge-provisioner" };

type Case = {
  readonly words: readonly string[];
  readonly as: { readonly account: string; readonly role: string };
};

/** One call of each command with a role that may not make it. */
const cases: Readonly<Record<string, Case>> = {
  push: { words: ["examples/shop-sam", ...line], as: asApprover },
  status: { words: line, as: { account: anchor, role: "kedge-provisioner" } },
  history: { words: line, as: asCi },
  approve: { words: [...line, "--digest", "0".repeat(64)], as: asCi },
  reject: { words: [...line, "--digest", "0".repeat(64), "--summary", "no"], as: asCi },
  review: { words: line, as: asCi },
  waiting: { words: [], as: asCi },
  "people erase": { words: ["ada", "--account", anchor], as: asCi },
  teardown: { words: [...line, "--yes"], as: asApprover },
  sweep: { words: [], as: asCi },
  redrive: { words: [], as: asCi },
  unlock: { words: [...line, "--environment", "prod", "--reason", "seen"], as: asCi },
  "estate confirm": { words: ["--digest", "0".repeat(64), "--yes"], as: asProvisioner },
  "estate impact": { words: ["examples/estate.yml"], as: asProvisioner },
  publish: { words: ["--estate", "examples/estate.yml"], as: asProvisioner },
  "template list": { words: [], as: asProvisioner },
  "template draw": { words: ["sam", "examples/shop-sam", ...line], as: asProvisioner },
  "template show": { words: ["sam"], as: asProvisioner },
  "template impact": { words: ["sam"], as: asProvisioner },
  "template publish": { words: ["release-templates/sam", "--changelog", "x"], as: asProvisioner },
  "template confirm": { words: ["sam@1.1.0", "--digest", "0".repeat(64)], as: asProvisioner },
  "template try": { words: ["sam@1.1.0", "--app", "wrong-role", "--branch", "main"], as: asProvisioner },
  "template rollout": { words: ["sam@1.1.0"], as: asProvisioner },
  "template rollback": { words: ["sam"], as: asProvisioner },
  "template withdraw": { words: ["sam@1.0.0"], as: asProvisioner },
};

const leaves = (command: Command): readonly Command[] =>
  command.commands.length === 0 ? [command] : command.commands.flatMap(leaves);

test("each command that calls AWS has a case here, and each caller belongs to a command", async () => {
  const program = new Command("kedge");
  await registerCommands(program, undefined);
  const all = leaves(program);
  expect(Object.keys(cases).toSorted()).toEqual(
    all
      .filter((command) => callerOf(command) !== undefined)
      .map(wordsOf)
      .toSorted(),
  );
  const known = all.map(wordsOf);
  for (const words of Object.keys(callers))
    expect(known.some((each) => each === words || each.startsWith(`${words} `))).toBe(true);
  for (const command of all)
    expect(callers, wordsOf(command)).toSatisfy(
      (table: typeof callers) => wordsOf(command) in table || (wordsOf(command).split(" ")[0] ?? "") in table,
    );
});

test.for(Object.entries(cases))(
  "kedge %s names the wrong role and the right one",
  async ([name, { words, as }]) => {
    const { code, stderr } = await kedge([...name.split(" "), ...words], { shop, ...as });
    expect(stderr).toMatch(
      new RegExp(
        `^kedge: The role ${as.role} of the account ${as.account} may not make the call [a-z0-9]+:[A-Za-z]+( on \\S+)?\\. Run kedge ${name} as .*(kedge-[a-z-]+|an administrator) .*\\.\\n {2}AWS: \\S.*\\n$`,
      ),
    );
    expect(code).toBe(1);
  },
);

test("a command with credentials of another account says which account it needs", async () => {
  for (const words of [
    ["template", "list"],
    ["estate", "confirm", "--digest", "0".repeat(64), "--yes"],
  ]) {
    const { code, stderr } = await kedge(words, { shop, ...asCi });
    expect([code, stderr]).toEqual([
      64,
      expect.stringMatching(
        /^kedge: There is no bucket kedge-registry-111111111111-us-east-1\. The role kedge-ci of the account 111111111111 asked for it\. Run kedge .* of the central account/,
      ),
    ]);
  }
});

test("a bucket that the user named and that does not exist is reported with the option", async () => {
  for (const name of ["push", "status", "teardown"]) {
    const words = [name, ...(cases[name]?.words ?? []), "--bucket", "kedge-artefacts"];
    const { code, stderr } = await kedge(words, { shop, ...asCi });
    expect([code, stderr]).toEqual([
      64,
      "kedge: There is no bucket kedge-artefacts; check --bucket or KEDGE_ARTIFACT_BUCKET.\n",
    ]);
  }
});

test("a denied call of the right role shows the words of AWS", async () => {
  const of = ["--account", otherAnchor, "--app", "wrong-role", "--branch", "main"];
  const { stderr } = await kedge(["history", ...of], { shop, account: anchor, role: "kedge-operator" });
  expect(stderr).toMatch(/^kedge: The role kedge-operator of the account 111111111111 .*\n {2}AWS: User: /);
});
