/** Tests `kedge check` and `kedge estate check`, which find errors before an upload. */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { fixture } from "#test/release/zip/zip-fixtures.ts";
import { topicTemplate, zipOf } from "#test/support/artifact.ts";
import { kedge, type Ran } from "#test/support/kedge.ts";

const check = (source: string, branch: string, ...more: string[]): Promise<Ran> =>
  kedge([
    ...["check", source, "--account", "111111111111", "--app", "shop", "--branch", branch],
    ...["--estate", "examples/estate.yml", ...more],
  ]);

async function withFile<Made>(
  name: string,
  content: string | Uint8Array,
  use: (path: string) => Promise<Made>,
): Promise<Made> {
  const work = await mkdtemp(join(tmpdir(), "kedge-check-"));
  try {
    await writeFile(join(work, name), content);
    return await use(join(work, name));
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

const withParameter = {
  Parameters: { Size: { Type: "String" } },
  Resources: { Topic: { Type: "AWS::SNS::Topic" } },
};

test("check shows the template, the environments and the plan", async () => {
  const { code, stdout, stderr } = await check("examples/shop-sam", "main");
  expect([code, stderr]).toEqual([0, ""]);
  expect(stdout).toContain("111111111111/shop/main/latest.zip would be released with the template sam");
  for (const environment of ["dev", "qa", "prod"]) expect(stdout).toMatch(new RegExp(`✔ ${environment}`));
  for (const action of ["Package", "Prepare", "Approve", "SmokeTest"]) expect(stdout).toContain(action);
});

test.each([".", "./", "../shop-sam"])(
  "check packs the folder %s, seen from the folder of the artifact",
  async (source) => {
    const line = ["--account", "111111111111", "--app", "shop", "--branch", "main"];
    const words = [
      resolve("bin/kedge.ts"),
      "check",
      source,
      ...line,
      "--estate",
      resolve("examples/estate.yml"),
    ];
    const { stdout } = await promisify(execFile)(process.execPath, words, { cwd: "examples/shop-sam" });
    expect(stdout).toContain("would be released with the template sam");
  },
);

test("check says that an empty upload is a teardown", async () => {
  const { code, stdout, stderr } = await withFile("latest.zip", "", (path) => check(path, "feature/x"));
  expect([code, stderr]).toEqual([0, ""]);
  expect(stdout).toContain("tears down the branch");
});

test("check shows the environments that a branch does not reach", async () => {
  const { code, stdout } = await check("examples/ledger-cloudformation", "feature/x");
  expect(code).toBe(0);
  expect(stdout).toMatch(/✔ dev/);
  expect(stdout).toMatch(/– qa/);
  expect(stdout).toMatch(/– prod/);
});

test("check says which version it planned with, and what only the upload can tell", async () => {
  const { stdout } = await check("examples/ledger-cloudformation", "feature/x");
  expect(stdout).toMatch(
    /planned with version \d+\.\d+\.\d+ of this command line\..* may have withdrawn this one/,
  );
  expect(stdout).toContain("CloudFormation checks resource types");
});

test("check prints the same as JSON with --json", async () => {
  const { code, stdout } = await check("examples/ledger-cloudformation", "main", "--json");
  expect(code).toBe(0);
  const found = JSON.parse(stdout);
  expect(found).toMatchObject({
    line: { account: "111111111111", app: "shop", branch: "main" },
    template: "cloudformation",
    manifest: { entry: "template.yaml" },
  });
  expect(found.environments.map(({ environment }: { environment: string }) => environment)).toEqual([
    "dev",
    "qa",
    "prod",
  ]);
});

test.for<[string, () => Uint8Array | Promise<Uint8Array>]>([
  ["NotAZip", () => Buffer.from("<html>")],
  ["ZipEncrypted", () => fixture("encrypted")],
  ["ZipTruncated", () => fixture("infozip").subarray(0, -30)],
  ["NoTemplateFits", () => zipOf({ "readme.md": "nothing" })],
  ["TemplateMalformed", () => zipOf({ "template.yaml": "Resources: []\n" })],
  ["ParametersMissing", () => zipOf({ "template.yaml": JSON.stringify(withParameter) })],
  [
    "ParametersUnknown",
    () => zipOf({ "template.yaml": topicTemplate("T"), "parameters.json": '{"Size": "1"}' }),
  ],
])("check rejects with %s an artifact whose upload would be rejected", async ([said, artifact]) => {
  const content = await artifact();
  await withFile("artifact.zip", content, async (path) => {
    const { code, stderr } = await check(path, "main");
    expect(code).toBe(2);
    expect(stderr).toMatch(new RegExp(`^kedge: ${said}: .+\n  .+`));
  });
});

test("estate check shows which environments each branch reaches", async () => {
  const { code, stdout } = await kedge([
    "estate",
    "check",
    "examples/estate.yml",
    "--branch",
    "main",
    "feature/x",
  ]);
  expect(code).toBe(0);
  expect(stdout).toContain("main: dev → qa → approval → prod");
  expect(stdout).toContain("main: dev → approval → prod");
  expect(stdout).toContain("at most 50 lines at work at once, and 1000 pipelines");
  expect(stdout).toContain("feature/x: dev");
});

test("estate check shows what follows from a branch's class", async () => {
  const more = "ttlDays: { feature: 14, main: 1 }\nteams: { payments: { apps: [pay], concurrent: 3 } }\n";
  const text = `${await readFile("examples/estate.yml", "utf8")}\n${more}`;
  const { stdout } = await withFile("estate.yml", text, (path) =>
    kedge(["estate", "check", path, "--branch", "hotfix/1", "main", "x"]),
  );
  expect(stdout).toContain("payments 3 of them");
  expect(stdout).toContain("hotfix/1: dev  [hotfix]");
  expect(stdout).toContain("main: dev → qa → approval → prod  [main]");
  expect(stdout).toContain("x: dev  [feature, torn down 14 days after its last upload]");
});

test("estate check prints the parsed estate as JSON with --json", async () => {
  const { code, stdout } = await kedge(["estate", "check", "examples/estate.yml", "--json"]);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ central: "101010101010", region: "us-east-1" });
});

test("estate check shows the line and the column of every mistake", async () => {
  const good = await readFile("examples/estate.yml", "utf8");
  const bad = good.replace('"222222222222"', '"2222"').replace("order: 2", "order: second");
  const lineOf = (text: string): number => bad.slice(0, bad.indexOf(text)).split("\n").length;
  await withFile("estate.yml", bad, async (path) => {
    const { code, stderr } = await kedge(["estate", "check", path]);
    expect(code).toBe(2);
    expect(stderr).toContain("EstateMalformed");
    expect(stderr).toContain(`line ${lineOf('"2222"')}, column`);
    expect(stderr).toContain(`line ${lineOf("order: second")}, column`);
  });
});

test("estate check reports a missing file as wrong usage", async () => {
  const { code, stderr } = await kedge(["estate", "check", "no-such.yml"]);
  expect(code).toBe(64);
  expect(stderr).toMatch(/Cannot read no-such\.yml/);
});

test("check shows warnings of rules, and fails with the rules that an environment refuses", async () => {
  const url = { Type: "AWS::Lambda::Url", Properties: { TargetFunctionArn: "f", AuthType: "NONE" } };
  const artifact = await zipOf({ "template.yaml": JSON.stringify({ Resources: { Url: url } }) });
  await withFile("artifact.zip", artifact, async (path) => {
    const feature = await check(path, "feature/x");
    expect([feature.code, feature.stderr]).toEqual([0, ""]);
    expect(feature.stdout).toContain(
      "Warnings of rules:\n  function-url-open in dev: template.yaml: Url (AuthType)",
    );
    const main = await check(path, "main");
    expect(main.code).not.toBe(0);
    expect(main.stderr).toContain("function-url-open in prod: template.yaml: Url (AuthType)");
  });
});

test("estate guardrails prints the policies for the organization, or one of them", async () => {
  const all = await kedge(["estate", "guardrails", "examples/estate.yml"]);
  expect(JSON.parse(all.stdout).map(({ name }: { name: string }) => name)).toEqual([
    "scp-gates",
    "scp-public-urls",
    "rcp-organization",
  ]);
  const one = await kedge(["estate", "guardrails", "examples/estate.yml", "--policy", "rcp-organization"]);
  expect(JSON.parse(one.stdout).Statement[0].Condition.StringNotEqualsIfExists).toEqual({
    "aws:PrincipalOrgID": "o-kedgelocal1",
  });
  const none = await kedge(["estate", "guardrails", "examples/estate.yml", "--policy", "x"]);
  expect(none.code).not.toBe(0);
  expect(none.stderr).toContain(
    "There is no policy x; this estate has scp-gates, scp-public-urls, rcp-organization.",
  );
});
