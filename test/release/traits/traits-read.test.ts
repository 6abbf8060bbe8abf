/** What teams write in their traits, how it is understood, and what it is refused for. */
import { describe, expect, it } from "vitest";
import { noTraits, traitsFor } from "#release/traits/traits.ts";
import { traitsPaths } from "#release/traits/traits-files.ts";
import { type ReadTraits, readTraits } from "#release/traits/traits-read.ts";
import { errorOf } from "#test/release/samples.ts";

type Files = Readonly<Record<string, string>>;
const environments = ["dev", "qa", "prod", "prod-eu"];

const read = (files: Files): ReadTraits =>
  readTraits(traitsPaths(Object.keys(files)), new Map(Object.entries(files)), environments);
const traitsOf = (files: Files) => read(files).traits;
const build = (text: string) => traitsOf({ ".traits/build.yml": text });
const deployment = (text: string) => traitsOf({ ".traits/deployment.yml": text });

describe("the two files", () => {
  it("the two files say nothing where they are missing or empty", () => {
    expect(traitsOf({ "template.yaml": "" })).toEqual(noTraits);
    expect(build("# nothing yet\n")).toEqual({ ...noTraits, sources: [".traits/build.yml"] });
  });

  it("the two files say what is built and how it is released", () => {
    expect(
      build("family: services\ntype: microservice\ntemplate: ecs-service@^1.2\nsettings: { port: 80 }\n"),
    ).toMatchObject({
      family: "services",
      type: "microservice",
      template: { name: "ecs-service", range: "^1.2" },
      settings: { port: 80 },
    });
    expect(build("template: { name: sam, version: 1.x }\n").template).toEqual({ name: "sam", range: "1.x" });
  });

  it("the two files say where it goes and what each environment is given", () => {
    const traits = deployment(`
eligibility:
  provider: aws
  environments: [dev, prod*]
  regions: us-east-1
  tags: { tier: [gold, silver] }
parameters: { Size: 1, Version: 1.10, Account: 012345678901, Zones: [a, b], Audited: true }
strategy: { type: canary, steps: [5, 25, 100], minutes: 5 }
window: { cron: "* * 9-16 ? * MON-FRI *" }
publish: { "/shop/\${env}/url": Url }
environments:
  prod: { parameters: { Size: 3 }, strategy: all-at-once, settings: { port: 443 } }
`);
    expect(traits.eligibility).toEqual({
      environments: ["dev", "prod*"],
      regions: ["us-east-1"],
      tags: { tier: ["gold", "silver"] },
    });
    expect(traits.everywhere).toEqual({
      parameters: { Size: "1", Version: "1.10", Account: "012345678901", Zones: "a,b", Audited: "true" },
      tags: {},
      strategy: { type: "canary", steps: [5, 25, 100], minutes: 5 },
      window: { cron: "* * 9-16 ? * MON-FRI *", timeZone: "UTC" },
      settings: {},
    });
    expect(traits.publish).toEqual({ "/shop/${env}/url": "Url" });
    expect(traitsFor(traits, { names: ["prod"] })).toMatchObject({
      parameters: { Size: "3", Zones: "a,b" },
      strategy: { type: "all-at-once" },
      settings: { port: 443 },
    });
  });

  it("the two files keep anchors in fields that mean nothing, and merge them in", () => {
    const traits = deployment(`
x-small: &small { Size: 1, Zone: a }
.large: &large { Size: 9 }
environments:
  dev: { parameters: { <<: *small, Zone: b } }
  prod: { parameters: { <<: [*large, *small] } }
`);
    expect(traits.byEnvironment["dev"]?.parameters).toEqual({ Size: "1", Zone: "b" });
    expect(traits.byEnvironment["prod"]?.parameters).toEqual({ Size: "9", Zone: "a" });
  });

  it("the two files are found in a zip that contains one top folder", () => {
    const files = { "shop/.traits/build.yml": "family: x\n", "shop/template.yaml": "" };
    expect(traitsOf(files)).toMatchObject({ family: "x", sources: ["shop/.traits/build.yml"] });
  });
});

describe("package.json", () => {
  const packaged = (content: object) => JSON.stringify(content);

  it.each([
    ["nothing of ours", { name: "shop", engines: { node: ">=20" }, config: { port: 1 } }],
    ["our name elsewhere", { dependencies: { kedge: "^1.0.0" } }],
  ])("sets nothing with %s", (_, content) => {
    expect(traitsOf({ "package.json": packaged(content) })).toEqual(noTraits);
  });

  it("sets nothing in a form other than JSON, unless it mentions Kedge", () => {
    expect(traitsOf({ "package.json": "// not ours\n{" })).toEqual(noTraits);
  });

  it.each([
    ["kedge", { kedge: { family: "x", parameters: { Size: 1 } } }],
    ["config.kedge", { config: { kedge: { family: "x", parameters: { Size: 1 } } } }],
  ])("has the fields of both files below %s", (_, content) => {
    const traits = traitsOf({ "package.json": packaged(content) });
    expect(traits).toMatchObject({ family: "x", everywhere: { parameters: { Size: "1" } } });
  });

  it("has the release template among its engines", () => {
    const traits = traitsOf({ "package.json": packaged({ engines: { kedge: "sam@^1" } }) });
    expect(traits.template).toEqual({ name: "sam", range: "^1" });
  });

  it("gives way to the traits files, field by field", () => {
    const traits = traitsOf({
      "package.json": packaged({
        kedge: { family: "x", template: "sam", parameters: { Size: 1, Zone: "a" } },
      }),
      ".traits/build.yml": "template: cloudformation\n",
      ".traits/deployment.yml": "parameters: { Size: 2 }\n",
    });
    expect(traits).toMatchObject({ family: "x", template: { name: "cloudformation" } });
    expect(traits.everywhere.parameters).toEqual({ Size: "2" });
    expect(traits.sources).toEqual(["package.json", ".traits/build.yml", ".traits/deployment.yml"]);
  });

  it("may have thousands of keys", () => {
    const dependencies = Object.fromEntries(
      Array.from({ length: 10_000 }, (_, index) => [`d${index}`, "^1"]),
    );
    expect(traitsOf({ "package.json": packaged({ dependencies, kedge: { family: "x" } }) }).family).toBe("x");
  });

  it("reports its problems by line, for tabs and for blanks", async () => {
    const text = '{\n\t"name": "shop",\n\t"kedge": {\n\t\t"famly": "x"\n\t}\n}\n';
    const error = await errorOf(() => traitsOf({ "package.json": text }));
    expect(error?.message).toContain("package.json, line 4, column 12, kedge.famly: Unknown field");
  });
});

describe("rejected traits", () => {
  it.each([
    [
      "another provider",
      "eligibility: { provider: gcp }\n",
      'line 1, column 26, eligibility.provider: Expected "aws"',
    ],
    [
      "an unknown field",
      "eligibility:\n  enviroments: [dev]\n",
      "line 2, column 16, eligibility.enviroments: Unknown field",
    ],
    ["a duplicate key", "tags: {}\ntags: {}\n", "line 2, column 1"],
    ["a wrong type", "parameters: [a]\n", "line 1, column 13, parameters: Expected fields"],
    ["no value", "parameters:\n  Size:\n", "found nothing"],
    ["an unknown reference", "parameters: { A: 'x-${sm:/x}' }\n", "${sm:/x} is not a reference"],
    ["an unclosed reference", "parameters: { A: 'x-${env' }\n", "${env is not a reference"],
    ["a dangling anchor", "parameters: *none\n", "line 1, column 13: There is no anchor &none"],
    ["an anchor within itself", "x-a: &a\n  b: *a\nparameters: *a\n", "The anchor &a contains itself."],
    [
      "a merge of no fields",
      "parameters: { <<: [1] }\n",
      "What << merges in is neither fields nor a list of them.",
    ],
    ["a tag", "parameters: { A: !Ref B }\n", "The tag !Ref has no meaning here."],
    [
      "a window that is no cron expression",
      "window: { cron: nine to five }\n",
      "window.cron: Expected a cron expression",
    ],
    ["a strategy there is not", "strategy: yolo\n", "Expected one of all-at-once"],
    ["a path that is AWS's", 'publish: { "/aws/x": Url }\n', "belong to AWS"],
    ["a path that is Kedge's", 'publish: { "/kedge/x": Url }\n', "belong to Kedge"],
    ["a path with a secret", 'publish: { "/x/${ssm:/y}": Url }\n', "may refer to ${env}"],
    ["two documents", "tags: {}\n---\ntags: {}\n", "multiple documents"],
    ["a hole too deep", `x-a: ${"[".repeat(9000)}\n`, "nests or repeats too much"],
    ["a file beyond the limit", `# ${"x".repeat(65_536)}\n`, "65536 are allowed"],
  ])("rejected traits are malformed: %s", async (_, text, says) => {
    const error = await errorOf(() => deployment(text));
    expect(error?.code).toBe("TraitsMalformed");
    expect(error?.message).toContain(".traits/deployment.yml");
    expect(error?.message).toContain(says);
  });

  it("rejected traits are malformed by an alias bomb, which is found before it unfolds", async () => {
    const levels = Array.from({ length: 9 }, (_, level) => {
      const before = level === 0 ? "x" : `*a${level - 1}`;
      return `x-a${level}: &a${level} [${Array.from({ length: 9 }, () => before).join(", ")}]`;
    });
    const error = await errorOf(() => deployment(`${levels.join("\n")}\n`));
    expect(error?.message).toContain("nests or repeats too much");
  });

  it("rejected traits are malformed by a bomb of merges", async () => {
    const levels = Array.from({ length: 12 }, (_, level) => {
      const before = Array.from({ length: 9 }, () => `*a${level - 1}`).join(", ");
      return `x-a${level}: &a${level} ${level === 0 ? "{ k: 1 }" : `{ <<: [${before}] }`}`;
    });
    const error = await errorOf(() => deployment(`${levels.join("\n")}\n`));
    expect(error?.message).toContain("nests or repeats too much");
  });

  it.each([
    ["a range that is none", "template: sam@newest\n", '"newest" is not a range of versions'],
    ["a field of the other file", "parameters: {}\n", "Unknown field"],
  ])("rejected traits are malformed in build.yml: %s", async (_, text, says) => {
    const error = await errorOf(() => build(text));
    expect([error?.code, error?.message]).toEqual(["TraitsMalformed", expect.stringContaining(says)]);
  });

  it.each([
    ["eligibility: { environments: [dev, live] }\n", "line 1, column 36"],
    ["eligibility: { exclude: live }\n", "line 1, column 25"],
    ["environments:\n  live: {}\n", "line 2, column 9"],
  ])("rejected traits name an unknown environment: %s", async (text, location) => {
    const error = await errorOf(() => deployment(text));
    expect(error?.code).toBe("UnknownEnvironment");
    expect(error?.message).toContain(location);
    expect(error?.message).toContain("expected one of dev, qa, prod, prod-eu");
  });

  it.each([
    ["eligibility: { environments: [dev], exclude: [dev] }\n", "dev is both among environments and excluded"],
    [
      "eligibility: { environments: ['prod*'], exclude: ['pr*'] }\n",
      "excludes every environment that the traits select",
    ],
    ["strategy: { type: canary, steps: [25, 5] }\n", "5 is not larger than the step before it"],
    ["strategy: { type: rolling, steps: [25] }\n", "rolling has no steps"],
    ["environments: { dev: { strategy: { type: all-at-once, minutes: 5 } } }\n", "all-at-once does not wait"],
  ])("rejected traits are contradictory: %s", async (text, says) => {
    const error = await errorOf(() => deployment(text));
    expect([error?.code, error?.message]).toEqual(["TraitsContradictory", expect.stringContaining(says)]);
    expect(error?.message).toMatch(/\.traits\/deployment\.yml, line 1, column \d+/);
  });

  it.each<[string, Files]>([
    ["two files for one", { ".traits/build.yml": "", ".traits/build.yaml": "" }],
    ["two homes in package.json", { "package.json": '{"kedge": {}, "config": {"kedge": {}}}' }],
    [
      "two templates in package.json",
      { "package.json": '{"kedge": {"template": "sam"}, "engines": {"kedge": "cdk"}}' },
    ],
  ])("rejected traits are contradictory: %s", async (_, files) => {
    expect((await errorOf(() => read(files)))?.code).toBe("TraitsContradictory");
  });

  it("rejected traits are malformed by a file that would be ignored silently", async () => {
    const error = await errorOf(() => read({ ".traits/deploy.yml": "" }));
    expect(error?.message).toContain(".traits/deploy.yml is not a traits file");
  });
});
