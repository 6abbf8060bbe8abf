/** Tests the permitted content of a Terraform configuration, and the time of its plan. */
import { describe, expect, it } from "vitest";
import type { PlainObject } from "#release/document/template-document.ts";
import { covers, defaultTerraform, type TerraformRules } from "#release/estate/terraform-rules.ts";
import type { Plan } from "#release/plan/plan.ts";
import { noTraits } from "#release/traits/traits.ts";
import { codeOf, errorOf, shop, shopTargets } from "#test/release/samples.ts";
import { inspectFiles, planOf } from "#test/support/golden.ts";

const inspected = async (text: string, more: Record<string, string> = {}) => {
  const files = Object.entries({ "main.tf": text, ...more }).map(([name, content]) => ({ name, content }));
  return inspectFiles(files);
};

describe("a configuration", () => {
  it.each([
    ['data "external" "x" {\n  program = ["sh"]\n}', "the data source external"],
    ["data external x {\n}", "the data source external"],
    ['data "http" "x" {\n  url = "https://x"\n}', "the data source http"],
    ['check "c" {\n  data "http" "x" {\n    url = "https://x"\n  }\n}', "the data source http"],
    [
      'resource "aws_x" "x" {\n  provisioner "local-exec" {\n    command = "x"\n  }\n}',
      "the provisioner local-exec",
    ],
    ['removed {\n  from = aws_x.x\n  provisioner "local-exec" {\n    when = destroy\n  }\n}', "local-exec"],
    ['module "m" {\n  source = "terraform-aws-modules/vpc/aws"\n}', "the module m"],
    ['module "m" {\n  source = "git::https://x/y"\n}', "the module m"],
    ['module "m" {\n}', "the module m"],
    ['/* a " comment */ data "external" "x" {\n}', "the data source external"],
    [
      'locals {\n  a = <<EOT\n${join("", [for EOT in ["a"] : EOT])}\nEOT\n}\ndata "external" "x" {\n}',
      "external",
    ],
  ])("is refused with %j", async (text, words) => {
    const error = await errorOf(() => inspected(text));
    expect(error?.code).toBe("ArtifactUnfit");
    expect(error?.message).toContain(words);
    expect(error?.message).toContain("main.tf, line ");
  });

  it.each([
    ['data "\\u0065xternal" "x" {\n}', "main.tf cannot be read"],
    ['locals {\n  a = "open\n}', "main.tf cannot be read"],
    ["locals {\n  a = [1\n}", "main.tf cannot be read"],
    ["locals {", "main.tf cannot be read"],
    ["}", "main.tf cannot be read"],
  ])("is refused when a check could miss a part of it: %j", async (text, words) => {
    expect((await errorOf(() => inspected(text)))?.message).toContain(words);
  });

  it("is refused with a backend in an override file, and with files in JSON", async () => {
    const backend = 'terraform {\n  backend "http" {\n  }\n}';
    expect(await codeOf(() => inspected("", { "zz_override.tf": backend }))).toBe("ArtifactUnfit");
    expect(await codeOf(() => inspected("", { "more.tf.json": "{}" }))).toBe("ArtifactUnfit");
    expect(await codeOf(() => inspected(backend))).toBe("no error");
  });

  it.each([
    ['resource "aws_sqs_queue" "q" {\n}', ["hashicorp/aws"]],
    ['resource "random_id" "q" {\n}', ["hashicorp/random"]],
    [
      'terraform {\n  required_providers {\n    aws = { source = "hashicorp/aws", version = "~> 6.0" }\n  }\n}',
      ["hashicorp/aws"],
    ],
    [
      'terraform {\n  required_providers {\n    aws = {\n      source = "evil/aws"\n    }\n  }\n}',
      ["evil/aws"],
    ],
    [
      'terraform {\n  required_providers {\n    aws = { "\\u0073ource" = "evil/aws" }\n  }\n}',
      ['{ "\\u0073ource" = "evil/aws" }'],
    ],
    [
      'resource "terraform_data" "x" {\n}\nresource "aws_lb_listener_rule" "r" {\n  action {\n    type = "x"\n  }\n}',
      ["hashicorp/aws"],
    ],
    ['resource "x_y" "z" {\n  provider = other.east\n}', ["hashicorp/other"]],
  ])("uses the providers of %j", async (text, providers) => {
    expect((await inspected(text)).manifest.facts["providers"]).toEqual(providers);
  });

  it.each([
    ['data "aws_secretsmanager_secret_version" "s" {\n}', "aws_secretsmanager_secret_version.s"],
    ['data "aws_ssm_parameter" "s" {\n}', "aws_ssm_parameter.s"],
    ['data "terraform_remote_state" "s" {\n}', "terraform_remote_state.s"],
    ['data "aws_s3_object" "s" {\n}', "aws_s3_object.s"],
    ['data "aws_lambda_function" "s" {\n}', "aws_lambda_function.s"],
    ['ephemeral "aws_kms_secrets" "s" {\n}', "aws_kms_secrets.s"],
    [
      'provider "aws" {\n  endpoints {\n    s3 = "https://x"\n  }\n}',
      "endpoints of the provider aws (main.tf)",
    ],
    ['provider "aws" {\n  access_key = "x"\n}', "access_key of the provider aws (main.tf)"],
  ])("reaches further with %j", async (text, reach) => {
    expect((await inspected(text)).manifest.facts["reaches"]).toEqual([reach]);
  });
});

const rules = (more: Partial<TerraformRules>): TerraformRules => ({ ...defaultTerraform, ...more });

async function planned(
  text: string,
  settings: PlainObject = {},
  terraform: TerraformRules | undefined = undefined,
): Promise<Plan> {
  const inspection = await inspected(text);
  const targets = shopTargets.map((each) => ({ ...each, ...(terraform && { terraform }) }));
  const manifest = { ...inspection.manifest, traits: { ...noTraits, settings } };
  return planOf({ ...inspection, manifest }, shop, targets);
}

const namesIn = (plan: Plan, stage: string) =>
  plan.stages.find(({ name }) => name === stage)?.actions.map(({ name }) => name);
const messageIn = (plan: Plan) =>
  plan.stages.flatMap(({ actions }) =>
    actions.flatMap((each) => (each.type === "approve" ? [each.message] : [])),
  )[0];

describe("the plan of a configuration", () => {
  const queue = 'resource "aws_sqs_queue" "q" {\n}';
  const before = ["Prepare", "Plan", "ReadPlan", "Approve", "ChangeSet", "Execute", "Apply"];
  const after = ["Prepare", "Approve", "ChangeSet", "Execute", "Plan", "Apply"];

  it("is made by the central team's project before the approval", async () => {
    const plan = await planned(queue);
    expect(namesIn(plan, "prod")).toEqual(before);
    expect(plan.stages.at(-1)?.actions[1]).toMatchObject({ project: "kedge-plan" });
    expect(plan.stages.at(-1)?.actions[1]).not.toHaveProperty("buildspec");
  });

  it.each([
    ["the estate forbids it", queue, {}, rules({ planBeforeApproval: false }), "The estate forbids it."],
    [
      "variables hold secrets",
      queue,
      { secrets: { token: "${secret:x}" } },
      undefined,
      "Its variables hold secrets: token.",
    ],
    ["it reads secrets", 'data "aws_ssm_parameter" "s" {\n}', {}, undefined, "aws_ssm_parameter.s"],
    [
      "its image makes no plans",
      queue,
      { image: "b" },
      rules({ images: ["a", "b"] }),
      "Its image is not the one",
    ],
  ])(
    "follows the approval when %s, and the approver is told why",
    async (_, text, settings, estate, because) => {
      const plan = await planned(text, settings, estate);
      expect(namesIn(plan, "prod")).toEqual(after);
      expect(messageIn(plan)).toContain(`No plan was made before this approval. `);
      expect(messageIn(plan)).toContain(because);
    },
  );

  it.each([
    [{ image: "registry.example/other/terraform:latest" }, "image asks for registry.example"],
    [{ version: "1.12.0" }, "version asks for public.ecr.aws/hashicorp/terraform:1.12.0"],
    [{ actions: ["*"] }, "actions ask for *"],
    [{ actions: ["iam:*"] }, "actions ask for iam:*"],
    [{ actions: ["sqs:*", "iam:CreateUser"] }, "actions ask for iam:CreateUser"],
  ])("is refused with %j, unless the estate allows it", async (settings, words) => {
    const error = await errorOf(() => planned(queue, settings));
    expect(error?.code).toBe("SettingNotAllowed");
    expect(error?.message).toContain(words);
    const all = rules({
      actions: ["*"],
      images: [defaultTerraform.images[0] ?? "", "registry.example/other/terraform:latest"].concat(
        "public.ecr.aws/hashicorp/terraform:1.12.0",
      ),
    });
    expect(await codeOf(() => planned(queue, settings, all))).toBe("no error");
  });

  it("is refused with a provider that the estate does not list", async () => {
    const error = await errorOf(() => planned('resource "random_id" "x" {\n}'));
    expect([error?.code, error?.message]).toEqual([
      "SettingNotAllowed",
      expect.stringContaining("the provider hashicorp/random; the estate allows hashicorp/aws."),
    ]);
  });
});

describe("a list of actions", () => {
  it.each([
    [["sqs:*"], "sqs:SendMessage", true],
    [["sqs:*"], "sqs:Send*", true],
    [["sqs:*"], "SQS:*", true],
    [["sqs:Send*"], "sqs:*", false],
    [["sqs:*"], "*", false],
    [["*"], "iam:CreateUser", true],
    [["s3:*"], "s3express:GetObject", false],
  ])("%j covers the action %s: %s", (patterns, wanted, covered) => {
    expect(covers(patterns, wanted)).toBe(covered);
  });
});
