import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { base32, canonicalJson, sha256Hex } from "#release/names/digest.ts";

describe("fingerprints", () => {
  it.each([
    ["", ""],
    ["f", "my"],
    ["foobar", "mzxw6ytboi"],
  ])("base32 of %j is that of RFC 4648", (text, expected) => {
    expect(base32(new TextEncoder().encode(text), expected.length)).toBe(expected);
  });

  it("sha256Hex is SHA-256", () => {
    expect(sha256Hex("abc")).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  });

  it("canonical JSON does not depend on the order of keys, and loses nothing", () => {
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
