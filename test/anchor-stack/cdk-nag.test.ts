import { AwsSolutionsChecks } from "cdk-nag";
import { expect, it } from "vitest";
import { makeStacks } from "#test/support/stacks.ts";

it.each(Object.entries(makeStacks()))("%s has no finding of cdk-nag without a justification", (_, stack) => {
  const { violations } = new AwsSolutionsChecks().validateScope(stack);
  expect(
    violations.map(({ ruleName, violatingResources }) => [
      ruleName,
      violatingResources.map(({ constructPath }) => constructPath),
    ]),
  ).toEqual([]);
});

it("gives each acknowledged finding a reason of its own", () => {
  const reasons = Object.values(makeStacks()).flatMap((stack) =>
    stack.node
      .findAll()
      .flatMap(({ node }) => node.metadata)
      .filter(({ type }) => type.includes("acknowledged"))
      .flatMap(({ data }) => Object.values(data as Readonly<Record<string, string>>)),
  );
  expect(reasons.length).toBeGreaterThan(20);
  for (const reason of reasons) expect(reason).toMatch(/^[A-Z].{30,}\.$/);
});

it("finds a wildcard that has no reason", async () => {
  const { allow, role, trustService } = await import("#constructs/statements.ts");
  const { App, Stack } = await import("aws-cdk-lib/core");
  const stack = new Stack(new App(), "Careless");
  role(stack, "Role", {
    name: "careless",
    description: "A role with an unexplained wildcard",
    trust: [trustService("lambda.amazonaws.com")],
    grants: [allow(["s3:GetObject"], ["arn:aws:s3:::bucket/*"])],
  });
  const { violations } = new AwsSolutionsChecks().validateScope(stack);
  expect(violations.map(({ ruleName }) => ruleName)).toEqual([
    "AwsSolutions-IAM5[Resource::arn:aws:s3:::bucket/*]",
  ]);
});
