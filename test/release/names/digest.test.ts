import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { base32, canonicalJson, sha256Hex } from "#release/names/digest.ts";

describe("fingerprints", () => {
  it.each([
    ["", ""],
    ["f", "my"],
    ["foobar", "mzxw6ytboi"],
  ])("encodes %j in base32 as RFC 4648 does", (text, expected) => {
    expect(base32(new TextEncoder().encode(text), expected.length)).toBe(expected);
  });

  it("computes SHA-256", () => {
    expect(sha256Hex("abc")).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  });

  it("writes canonical JSON independent of the order of keys, without loss", () => {
    const value = fc.dictionary(fc.string(), fc.jsonValue());
    fc.assert(
      fc.property(value, (object) => {
        const reversed = Object.fromEntries(Object.entries(object).reverse());
        expect(canonicalJson(object)).toBe(canonicalJson(reversed));
        expect(JSON.parse(canonicalJson(object))).toEqual(JSON.parse(JSON.stringify(object)));
      }),
    );
  });
});
