import { describe, expect, it } from "vitest";
import { targets } from "./index.ts";
import { fuzz } from "./run.ts";
import { Broken, type Target } from "./target.ts";

const seed = 1;
const inputs = 400;

describe("damaged inputs", () => {
  it.each(targets)(
    "keeps every property of the target $name",
    async (target) => {
      const { finding, inputs: fed } = await fuzz(target, seed, (count) => count >= inputs);
      expect(
        finding && { ...finding, input: Buffer.from(finding.input).toString("latin1").slice(0, 2000) },
      ).toBe(undefined);
      expect(fed).toBe(inputs);
    },
    60_000,
  );
});

describe("the fuzzer", () => {
  const fragile: Target = {
    name: "fragile",
    corpus: () => [Buffer.from("abcdefgh")],
    mutations: [],
    check: (input) => {
      if (input.length > 0 && input[0] !== 0x61) throw new Broken("it does not begin with a");
    },
  };

  it("finds an input that breaks a property, and finds it again by its seed alone", async () => {
    const { finding } = await fuzz(fragile, 7, (count) => count >= 1000);
    expect(finding?.error).toBeInstanceOf(Broken);
    const again = await fuzz(fragile, finding?.seed ?? 0, (count) => count >= 1);
    expect(again.finding?.input).toEqual(finding?.input);
  });
});
