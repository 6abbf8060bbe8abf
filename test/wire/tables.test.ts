/** Holds the forms equal that people, CIs and published modules read: codes, commands, variables, schemas, plan digests. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Command, commandLine, digestOfPlan, parametersOf, tables, templateModules } from "./forms.ts";
import { expectRecorded } from "./print.ts";
import { recordedNames } from "./recorded-names.ts";

describe("the product", () => {
  it("keeps every code, status and exit code as recorded", async () => {
    const { codes, exitCodes, finalStatuses, exitCodeOf } = tables;
    const { enum: statuses } = property(tables.schemas["result.schema.json"], "status");
    const exits = (statuses as readonly string[]).map((status) => [status, exitCodeOf(status)] as const);
    const exitCodeOfStatus = Object.fromEntries(exits);
    await expectRecorded({ codes, finalStatuses, exitCodes, exitCodeOfStatus }, "codes");
  });

  it("keeps every field of the published schemas as recorded", async () => {
    await expectRecorded(withoutProse(tables.schemas), "schemas");
  });

  it("keeps every command, argument and option as recorded", async () => {
    await expectRecorded(shown(await commandLine()), "commands");
  });

  it("keeps the set of environment variables as recorded", async () => {
    const found = sourceFiles().flatMap((file) => readFileSync(file, "utf8").match(variables) ?? []);
    await expectRecorded([...new Set(found)].sort(), "environment-variables");
  });

  it("keeps the parameters of every kind of stack as recorded", async () => {
    await expectRecorded(parametersOf(readFileSync("test/wire/estate.yml", "utf8")), "parameters");
  });

  it("keeps the digests of the golden plans as recorded", async () => {
    const folder = "test/release-templates/golden";
    const digests = readdirSync(folder).map((file) => {
      const plan = JSON.parse(readFileSync(join(folder, file), "utf8")) as unknown;
      return [file, digestOfPlan(plan)] as const;
    });
    await expectRecorded(Object.fromEntries(digests.sort()), "plan-digests");
  });

  it("keeps the fields of release templates as recorded", async () => {
    const fields = templateModules.map((template) => [template["name"], fieldsOf(template)] as const);
    await expectRecorded(Object.fromEntries(fields), "release-templates");
  });
});

it("compares every recorded file", () => {
  const files = readdirSync("test/wire/recorded").map((file) => file.replace(/\.json$/, ""));
  expect(files.sort()).toEqual([...recordedNames].sort());
});

type Json = Readonly<Record<string, unknown>>;

const property = (schema: Json = {}, name = ""): Json => {
  const properties = schema["properties"] as Readonly<Record<string, Json>> | undefined;
  return properties?.[name] ?? {};
};

const prose: ReadonlySet<string> = new Set(["description", "summary", "means", "by"]);

/** Words for people may change; fields of a document may not. */
function withoutProse(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withoutProse);
  if (typeof schema !== "object" || schema === null) return schema;
  const kept = Object.entries(schema).filter(
    ([name, value]) => !(prose.has(name) && typeof value === "string"),
  );
  return Object.fromEntries(kept.map(([name, value]) => [name, withoutProse(value)]));
}

/** Without descriptions. */
const shown = (command: Command): Json => ({
  name: command.name(),
  arguments: command.registeredArguments.map((argument) => ({
    name: argument.name(),
    required: argument.required,
    variadic: argument.variadic,
    ...(argument.defaultValue !== undefined && { default: argument.defaultValue as unknown }),
  })),
  options: command.options.map(({ flags, defaultValue, argChoices, mandatory }) => ({
    flags,
    ...(defaultValue !== undefined && { default: defaultValue as unknown }),
    ...(argChoices !== undefined && { choices: argChoices }),
    ...(mandatory && { mandatory }),
  })),
  commands: command.commands.map(shown),
});

/** Set by stacks and builds, or by people for the command line. */
const variables = /\b(KEDGE|ANCHOR|ARTIFACT|REGISTRY|CACHE|CDK|POWERTOOLS)_[A-Z_]*[A-Z]\b/g;

/** Folders that are no part of the product. */
const others = /^(\.|node_modules|dist|docs|examples|packages|test|bench|cdk\.out)/;

const sourceFiles = (): readonly string[] =>
  readdirSync(".", { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !others.test(entry.name))
    .flatMap(({ name }) =>
      readdirSync(name, { recursive: true, encoding: "utf8" })
        .filter((file) => file.endsWith(".ts"))
        .map((file) => join(name, file)),
    );

/** Functions by their name alone, patterns as their source. */
const fieldsOf = (template: Json): unknown =>
  withoutProse(
    JSON.parse(
      JSON.stringify(template, (_, value: unknown) =>
        typeof value === "function" ? "function" : value instanceof RegExp ? String(value) : value,
      ),
    ),
  );
