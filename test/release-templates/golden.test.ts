import { describe, it } from "vitest";
import { expectGolden, goldenCases } from "#test/support/golden.ts";

/** Samples whose release templates have no other test that looks at their plans. */
const samples = ["shop-sam", "ledger-cloudformation", "tides-site"];

describe.each(samples)("the plans of %s", (sample) => {
  it.each(goldenCases)("keeps the golden plans of $name equal", (goldenCase) =>
    expectGolden(sample, goldenCase),
  );
});
