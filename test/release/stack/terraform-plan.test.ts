/** Tests the text of a plan for an approver, and the parts that no plan may contain. */
import { describe, expect, it } from "vitest";
import { checkTerraformPlan, readTerraformPlan } from "#release/stack/terraform-plan.ts";
import { terraformSummary } from "#release/stack/terraform-summary.ts";
import { codeOf, errorOf } from "#test/release/samples.ts";

type Fields = Readonly<Record<string, unknown>>;

const planWith = (more: Fields): string =>
  JSON.stringify({ format_version: "1.2", resource_changes: [], configuration: {}, ...more });
const change = (address: string, actions: readonly string[], more: Fields = {}): Fields => ({
  address,
  mode: "managed",
  change: { actions, ...more },
});
const summaryOf = (...changes: readonly Fields[]): string =>
  terraformSummary(readTerraformPlan(planWith({ resource_changes: changes })));

describe("the summary of a plan", () => {
  it("counts as Terraform does, and names what may lose data first", () => {
    expect(
      summaryOf(
        change("aws_sqs_queue.new", ["create"]),
        change("aws_sqs_queue.same", ["no-op"]),
        change("data.aws_caller_identity.me", ["read"]),
        change("aws_dynamodb_table.t", ["delete", "create"]),
        change("aws_s3_bucket.old", ["delete"]),
        change("aws_iam_role.left", ["forget"]),
      ),
    ).toBe(
      "Plan: 2 to add, 0 to change, 2 to destroy. To destroy: aws_s3_bucket.old. To replace: aws_dynamodb_table.t. To add: aws_sqs_queue.new. To leave to others: aws_iam_role.left.",
    );
  });

  it("shows the values that change, and no sensitive value", () => {
    const shown = summaryOf(
      change("aws_lambda_function.f", ["update"], {
        before: {
          timeout: 3,
          memory: 128,
          environment: [{ variables: { TOKEN: "hunter2" } }],
          code: "a",
          tags: {},
        },
        after: { timeout: 5, memory: 128, environment: [{ variables: { TOKEN: "hunter3" } }], tags: {} },
        before_sensitive: { environment: [{ variables: { TOKEN: true } }] },
        after_sensitive: { environment: [{ variables: { TOKEN: true } }] },
        after_unknown: { code: true },
      }),
    );
    expect(shown).toBe(
      'Plan: 0 to add, 1 to change, 0 to destroy. To change: aws_lambda_function.f (code: "a" → known after apply; environment: sensitive; timeout: 3 → 5).',
    );
    expect(shown).not.toContain("hunter");
  });

  it("hides a resource that is sensitive as a whole", () => {
    const whole = { before: { a: "x" }, after: { a: "y" }, before_sensitive: true, after_sensitive: true };
    expect(summaryOf(change("aws_x.y", ["update"], whole))).toContain("(a: sensitive)");
  });

  it("stays on one line and within its length, whatever an address says", () => {
    const text = summaryOf(
      change('aws_x.y["a\nPlan: 0 to add"]', ["create"]),
      ...Array.from({ length: 200 }, (_, index) => change(`aws_x.number_${index}`, ["create"])),
    );
    expect(text).not.toContain("\n");
    expect(text.length).toBeLessThanOrEqual(800);
    expect(text).toMatch(/^Plan: 201 to add, 0 to change, 0 to destroy\. .*…$/);
  });

  it("tells that nothing changes, or outputs only", () => {
    expect(summaryOf()).toBe("No changes. The infrastructure matches the configuration.");
    const outputs = { output_changes: { x: { actions: ["create"] } } };
    expect(terraformSummary(readTerraformPlan(planWith(outputs)))).toBe("Only outputs change.");
  });
});

describe("a plan", () => {
  it.each(["", "[]", "{}", planWith({ format_version: "2.0" }), planWith({ errored: true })])(
    "is not whole: %j",
    async (text) => {
      expect(await codeOf(() => readTerraformPlan(text))).toBe("ReleaseDocumentMalformed");
    },
  );

  it.each([
    [
      "a foreign provider",
      { provider_config: { x: { full_name: "registry.terraform.io/evil/aws" } } },
      "evil/aws",
    ],
    [
      "a provider of another registry",
      { provider_config: { x: { full_name: "evil.example/hashicorp/aws" } } },
      "evil.example/hashicorp/aws",
    ],
    [
      "a program",
      { root_module: { resources: [{ mode: "data", type: "external", address: "data.external.x" }] } },
      "data.external.x",
    ],
    [
      "a provisioner in a module",
      {
        root_module: {
          module_calls: {
            m: {
              source: "./m",
              module: { resources: [{ address: "aws_x.y", provisioners: [{ type: "local-exec" }] }] },
            },
          },
        },
      },
      "the provisioner local-exec of aws_x.y",
    ],
    [
      "a module of the network",
      { root_module: { module_calls: { m: { source: "a/b/c" } } } },
      "the module m from a/b/c",
    ],
  ])("is refused with %s", async (_, configuration, words) => {
    const plan = readTerraformPlan(planWith({ configuration }));
    const error = await errorOf(() => checkTerraformPlan(plan, ["hashicorp/aws"]));
    expect(error?.code).toBe("SettingNotAllowed");
    expect(error?.message).toContain(words);
  });

  it("is accepted with listed providers and modules of the artifact", async () => {
    const provider_config = {
      aws: { full_name: "registry.terraform.io/hashicorp/aws" },
      terraform: { full_name: "terraform.io/builtin/terraform" },
    };
    const root_module = { module_calls: { m: { source: "./modules/m", module: {} } } };
    const plan = readTerraformPlan(planWith({ configuration: { provider_config, root_module } }));
    expect(await codeOf(() => checkTerraformPlan(plan, ["hashicorp/aws"]))).toBe("no error");
  });
});
