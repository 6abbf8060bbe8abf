import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { isObject, type PlainObject, type PlainValue } from "#release/document/template-document.ts";
import { sourceDocument } from "#release/stack/build-stack.ts";
import type { ConfigurationRequest } from "#release/stack/configuration.ts";
import { terraform } from "#templates/terraform/template.ts";
import { codeOf, errorOf, shop, shopTargets } from "#test/release/samples.ts";
import { exampleFiles, expectGolden, goldenCases, inspectFiles } from "#test/support/golden.ts";

const sample = exampleFiles("uploads-terraform");
const facts = async (): Promise<PlainObject> => (await inspectFiles(sample)).manifest.facts;

describe.each(goldenCases)("the plan of the sample: $name", (goldenCase) => {
  it("equals the golden plan", () => expectGolden("uploads-terraform", goldenCase));
});

describe("a Terraform configuration", () => {
  it.each([
    ["main.tf", "."],
    ["terraform/main.tf", "terraform"],
    ["network.tf", "."],
    ["infra/backend.tf", "infra"],
  ])("is recognised by %s", async (name, directory) => {
    const { template, manifest } = await inspectFiles([{ name, content: "" }]);
    expect([template.template.name, manifest.facts["directory"]]).toEqual(["terraform", directory]);
  });

  it("reads variables of an environment from files with its name", async () => {
    const names = [
      "main.tf",
      "dev.tfvars",
      "environments/prod.tfvars",
      "env/qa.tfvars.json",
      "terraform.tfvars",
    ];
    const { manifest } = await inspectFiles(names.map((name) => ({ name, content: "" })));
    expect(manifest.facts["varFiles"]).toEqual({
      dev: "dev.tfvars",
      prod: "environments/prod.tfvars",
      qa: "env/qa.tfvars.json",
    });
  });

  it.each(["terraform.tfstate", "old/terraform.tfstate.backup", ".terraform/providers/x"])(
    "is rejected with %s",
    async (name) => {
      const files = ["main.tf", name].map((each) => ({ name: each, content: "" }));
      expect(await codeOf(() => inspectFiles(files))).toBe("ArtifactUnfit");
    },
  );

  it("gives all its files to the builds, and publishes them for its deletion", async () => {
    const { manifest } = await inspectFiles(sample);
    const names = sample.map(({ name }) => name);
    const request = { line: shop, manifest, targets: shopTargets, names, text: async () => "" };
    const assembly = await terraform.assemble?.(request);
    expect(assembly?.files).toEqual(Object.fromEntries(names.map((name) => [`app/${name}`, name])));
    expect(JSON.stringify(assembly?.stacks[0]?.document)).toContain("{{kedge:bucket}}/{{kedge:zip:.}}");
  });
});

async function configured(settings: PlainObject = {}, values: Record<string, string> = {}) {
  const [, , target] = shopTargets;
  const manifest = { ...(await inspectFiles(sample)).manifest, facts: await facts() };
  const document = JSON.parse(
    JSON.stringify(sourceDocument).replace("{{kedge:bucket}}/{{kedge:zip:.}}", "cache/parts/1.zip"),
  ) as PlainObject;
  const request = {
    release: { line: shop, manifest },
    target,
    settings,
    parameters: { values, tags: {} },
    stacks: [{ id: "", level: 0, path: "x", document }],
    outputs: {},
    digest: "d",
    assetVersions: { "parts/1.zip": "object-1" },
  } as unknown as ConfigurationRequest;
  return terraform.configure?.(request).documents?.[""] ?? {};
}

/** `Resources.Project.Properties` … */
const at = (value: PlainValue, path: string): PlainValue =>
  path.split(".").reduce<PlainValue>((inner, key) => (isObject(inner) ? (inner[key] ?? null) : null), value);

async function variables(
  settings?: PlainObject,
  values?: Record<string, string>,
): Promise<Record<string, unknown>> {
  const list = at(
    await configured(settings, values),
    "Resources.Project.Properties.Environment.EnvironmentVariables",
  );
  return Object.fromEntries(
    (list as { Name: string; Value: unknown }[]).map(({ Name, Value }) => [Name, Value]),
  );
}

describe("the stack of a Terraform environment", () => {
  it("gives its builds their folder, their input and the location of the state", async () => {
    expect(await variables({}, { retention_days: "30" })).toEqual({
      KEDGE_DIRECTORY: ".",
      KEDGE_ARGUMENTS: "-input=false -var-file=environments/prod.tfvars",
      KEDGE_VARIABLES: '{"retention_days":"30"}',
      KEDGE_CLI_CONFIG: expect.stringContaining('include = ["hashicorp/aws"]'),
      STATE_BUCKET: { Ref: "StateBucket" },
      STATE_KEY: expect.stringMatching(/^shop-main-[a-z2-7]{12}\/prod\.tfstate$/),
      STATE_LOCK: "use_lockfile=true",
    });
  });

  it("takes the state bucket from the target's parameter store or from the settings", async () => {
    const path = "Parameters.StateBucket";
    expect(terraform.defaultSettings).toEqual({ stateBucket: "${ssm:/kedge/terraform/state-bucket}" });
    expect(at(await configured({ stateBucket: "ours" }), path)).toEqual({ Type: "String", Default: "ours" });
  });

  it("names secrets without holding them", async () => {
    const secrets = { token: "${secret:shop/api:token}", password: "${ssm:/shop/password}" };
    const text = JSON.stringify(await configured({ secrets }));
    expect(text).toContain('{"Name":"TF_VAR_token","Type":"SECRETS_MANAGER","Value":"shop/api:token"}');
    expect(text).toContain('{"Name":"TF_VAR_password","Type":"PARAMETER_STORE","Value":"/shop/password"}');
    expect(await codeOf(() => configured({ secrets: { token: "hunter2" } }))).toBe("SettingsMalformed");
  });

  it("puts the boundary on every role, and limits builds to their own resources", async () => {
    const text = JSON.stringify(await configured());
    expect(text.match(/AWS::IAM::Role"/g)).toHaveLength(2);
    expect(text.match(/policy\/kedge-app-boundary/g)).toHaveLength(2);
    expect(text).toContain("arn:aws:s3:::cache/kedge-line-v6ijjfkrq*/Plan_*");
    expect(text).toContain("arn:aws:s3:::cache/parts/1.zip");
  });

  it("can get fewer permissions than its boundary allows", async () => {
    const statements = at(await configured({ actions: ["sqs:*"] }), "Resources.Role.Properties");
    expect(JSON.stringify(statements)).toContain('{"Effect":"Allow","Action":["sqs:*"],"Resource":["*"]}');
    expect(JSON.stringify(statements)).not.toContain('"Action":["*"]');
  });

  it("rejects more parameters than a build can take, with the numbers", async () => {
    const error = await errorOf(() => configured({}, { long: "x".repeat(5000) }));
    expect(error?.code).toBe("ParametersMalformed");
    expect(error?.message).toMatch(/50\d\d characters; a build takes 4000/);
  });
});

describe("the Terraform sample", () => {
  it("names every environment", () => {
    for (const { environment } of shopTargets) {
      const text = readFileSync(`examples/uploads-terraform/environments/${environment}.tfvars`, "utf8");
      expect(text).toContain(`environment = "${environment}"`);
    }
  });
});
