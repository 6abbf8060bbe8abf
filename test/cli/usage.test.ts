/** Tests the help texts and the errors of wrong usage. */
import { expect, test } from "vitest";
import { kedge } from "#test/support/kedge.ts";

const commands = [
  "push",
  "check",
  "status",
  "history",
  "approve",
  "reject",
  "teardown",
  "estate",
  "traits",
  "publish",
  "sweep",
  "redrive",
];

test("help names every command and every exit code", async () => {
  const { code, stdout } = await kedge(["--help"]);
  expect(code).toBe(0);
  for (const command of commands) expect(stdout).toMatch(new RegExp(`^  ${command}\\b`, "m"));
  expect(stdout).toContain("64 wrong usage");
});

test.for(commands.map((command) => [command] as const))(
  "%s --help says what the command does",
  async ([command]) => {
    const { code, stdout, stderr } = await kedge([command, "--help"]);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(new RegExp(`^Usage: kedge ${command}`));
  },
);

test.for<[string, string[], RegExp]>([
  ["a command that does not exist", ["launch"], /unknown command 'launch'/],
  ["an option that does not exist", ["status", "--colour"], /unknown option '--colour'/],
  ["no command at all", [], /Usage: kedge/],
  ["a missing argument", ["push"], /missing required argument 'dir\|zip'/],
  ["no artifact bucket", ["status", "--account", "111111111111", "--app", "a", "--branch", "b"], /--bucket/],
  ["an unlock without options", ["unlock"], /Not opened: pass --environment \(.*\) and --reason \(/],
  [
    "a refusal without options",
    ["reject", "--account", "111111111111", "--app", "a", "--branch", "b"],
    /pass --digest .* and --summary/,
  ],
  ["a confirmation without options", ["estate", "confirm"], /pass --digest .* and --yes/],
  ["a timeout that is no number", ["push", ".", "--timeout", "soon"], /number of seconds/],
  [
    "a folder that is not there",
    ["push", "no-such-folder", "--bucket", "b", "--account", "111111111111", "--app", "a", "--branch", "b"],
    /There is no no-such-folder/,
  ],
])("%s is wrong usage", async ([, words, said]) => {
  const { code, stderr } = await kedge(words);
  expect(code).toBe(64);
  expect(stderr).toMatch(said);
});

test("a malformed account is rejected with the remedy", async () => {
  const { code, stderr } = await kedge([
    "check",
    ".",
    "--account",
    "12",
    "--app",
    "a",
    "--branch",
    "b",
    "--estate",
    "examples/estate.yml",
  ]);
  expect(code).toBe(2);
  expect(stderr).toMatch(/KeyAccountMalformed/);
  expect(stderr).toMatch(/12 digits/);
});
