import type { Stack } from "aws-cdk-lib/core";
import { describe, expect, it } from "vitest";
import {
  accounts,
  inAnchor,
  makeStacks,
  type Resource,
  resolveIn,
  templateOf,
} from "#test/support/stacks.ts";
import { sizeOf } from "#test/support/statements.ts";

type Policies = readonly { readonly PolicyDocument: unknown }[];

/** AWS's limits in characters. The inline policies of a role count together. */
const sizes: Readonly<
  Record<string, { readonly limit: number; readonly size: (properties: Resource["Properties"]) => number }>
> = {
  "AWS::IAM::Role": {
    limit: 10_240,
    size: ({ Policies }) =>
      (Policies as Policies).reduce((sum, { PolicyDocument }) => sum + sizeOf(PolicyDocument), 0),
  },
  "AWS::IAM::ManagedPolicy": { limit: 6144, size: ({ PolicyDocument }) => sizeOf(PolicyDocument) },
  "AWS::S3::BucketPolicy": { limit: 20_480, size: ({ PolicyDocument }) => sizeOf(PolicyDocument) },
  "AWS::SQS::QueuePolicy": { limit: 8192, size: ({ PolicyDocument }) => sizeOf(PolicyDocument) },
  "AWS::KMS::Key": { limit: 32_768, size: ({ KeyPolicy }) => sizeOf(KeyPolicy) },
  "AWS::Events::EventBusPolicy": { limit: 10_240, size: ({ Statement }) => sizeOf(Statement) },
  "AWS::Events::Rule": { limit: 4096, size: ({ EventPattern }) => sizeOf(EventPattern ?? {}) },
};

/** The ratio of its limit that a policy may use. The boundary does not grow with the estate. */
const ratioOf = (id: string): number => (id === "Boundary" ? 0.95 : 0.7);

/** Lists the policies of a stack that are larger than their ratio of the limit. */
function tooLarge(stack: Stack, targets: number): readonly string[] {
  const resources = Object.entries(resolveIn(templateOf(stack), inAnchor(accounts(targets))));
  const measured = resources.filter(([, { Type }]) => Type in sizes);
  expect(measured.length).toBeGreaterThan(0);
  return measured.flatMap(([id, { Type, Properties }]) => {
    const { limit, size } = sizes[Type] ?? { limit: 0, size: () => 1 };
    const has = size(Properties);
    return has > ratioOf(id) * limit ? [`${id}: ${has} of ${limit}`] : [];
  });
}

describe.each([
  [1, 1],
  [65, 100],
  [300, 300],
])("in an estate with %i anchors, an anchor with %i targets", (anchors, targets) => {
  const stacks = makeStacks(accounts(anchors));
  const situation = inAnchor(accounts(targets));

  it.each(Object.entries(stacks))("keeps the policies of the stack %s below their part", (_, stack) => {
    expect(tooLarge(stack, targets)).toEqual([]);
  });

  it.each(Object.entries(stacks))(
    "keeps every trust policy of the stack %s below 2048 characters",
    (_, stack) => {
      const roles = Object.values(resolveIn(templateOf(stack), situation)).filter(
        ({ Type }) => Type === "AWS::IAM::Role",
      );
      for (const { Properties } of roles) {
        expect(sizeOf(Properties["AssumeRolePolicyDocument"])).toBeLessThan(2048);
      }
    },
  );

  it("fits its list of targets into one parameter", () => {
    expect(accounts(targets).join(",").length).toBeLessThan(4096);
  });
});
