/** Tests that a review of a large change set stays readable, and says where the whole is. */
import { describe, expect, it } from "vitest";
import type { ReviewedStack } from "#release/review/review.ts";
import { fittedFindings, fittedSentences, fittedStacks } from "#release/review/review-size.ts";
import type { ResourceChange } from "#release/review/stack-change.ts";

const long = "x".repeat(300);
const change = (index: number, more: Partial<ResourceChange> = {}): ResourceChange => ({
  ...{ logicalId: `Resource${index}`, type: "AWS::New::Thing", action: "Modify" },
  properties: Array.from({ length: 20 }, (_, at) => ({
    path: `/Properties/P${at}`,
    before: long,
    after: long,
  })),
  ...more,
});
const stack = (changes: readonly ResourceChange[], widenings = 0): ReviewedStack => ({
  ...{ name: "kedge-app-x", level: 0, state: "changed", changes },
  widenings: Array.from({ length: widenings }, (_, index) => ({
    logicalId: `R${index}`,
    type: "AWS::IAM::Role",
    sentence: "allows s3:GetObject",
    severity: 5,
  })),
});
const id = "arn:aws:cloudformation:us-east-1:111122223333:changeSet/kedge-1/2";
const fitted = (given: ReviewedStack): ReviewedStack | undefined =>
  fittedStacks([given], { [given.name]: id })[0];

describe("the size of a review", () => {
  it("a review is whole for a usual change set", () => {
    const given = stack([change(1), change(2)], 3);
    expect(fitted(given)).toEqual(given);
  });

  it("a review names each of 500 resources with long values, and has the grave changes first", () => {
    const grave = change(500, { type: "AWS::DynamoDB::Table", replacement: "True" });
    const found = fitted(stack([...Array.from({ length: 499 }, (_, index) => change(index)), grave], 400));
    expect(found?.changes).toHaveLength(500);
    expect(found?.changes[0]).toEqual(grave);
    expect(found?.widenings).toHaveLength(300);
    expect(JSON.stringify(found).length).toBeLessThan(400_000);
    expect(found?.cut).toMatch(
      /^The review is too large and leaves out \d+ properties, 100 added permissions\. The change set in the account has them: arn:/,
    );
  });

  it("a review says how many of more than a thousand resources it leaves out", () => {
    const found = fitted(stack(Array.from({ length: 1200 }, (_, index) => change(index))));
    expect(found?.changes).toHaveLength(1000);
    expect(found?.cut).toContain("200 resources");
  });

  it("a review ranks the added permissions and resources of all stacks together", () => {
    const small = stack([change(1, { type: "AWS::DynamoDB::Table", replacement: "True" })]);
    const wide = { logicalId: "W", type: "AWS::IAM::Role", sentence: "allows *", severity: 0 };
    const large = stack(
      Array.from({ length: 1000 }, (_, index) => change(index)),
      300,
    );
    const [first, second] = fittedStacks([large, { ...small, name: "b", widenings: [wide] }], {});
    expect(second?.widenings).toEqual([wide]);
    expect(second?.changes).toEqual(small.changes);
    expect(first?.cut).toMatch(/leaves out 1 resources, \d+ properties, 1 added permissions/);
  });

  it("a review keeps the gravest findings and counts the others", () => {
    const finding = (verdict: string) => ({
      rule: "api-open",
      verdict,
      resource: "R",
      sentence: "R is open.",
    });
    const shown = Array.from({ length: 205 }, () => finding("show"));
    const { findings, findingsLeftOut } = fittedFindings([...shown, finding("warn")]);
    expect(findings[0]).toEqual(finding("warn"));
    expect([findings.length, findingsLeftOut]).toEqual([200, 6]);
  });

  it("a review has forty sentences at its top, and the number of the others", () => {
    const sentences = fittedSentences(Array.from({ length: 100 }, (_, index) => `Sentence ${index}.`));
    expect(sentences).toHaveLength(41);
    expect(sentences.at(-1)).toContain("60 more sentences");
  });
});
