import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatKey, isResultKey, type Line, parseKey, resultKeys } from "#release/names/key.ts";
import { codeOf, errorOf } from "#test/release/samples.ts";

const segment = fc
  .string({ unit: "grapheme", minLength: 1, maxLength: 40 })
  .filter((text) => !/[/\p{Control}]/u.test(text) && !/^\.{1,2}$/.test(text) && text.isWellFormed());
const account = fc.stringMatching(/^\d{12}$/);
const line: fc.Arbitrary<Line> = fc.record({
  account,
  app: segment,
  branch: fc.array(segment, { minLength: 1, maxLength: 4 }).map((segments) => segments.join("/")),
});

describe("the key of an artifact", () => {
  it("is read back exactly as it was written, whatever the names", () => {
    fc.assert(
      fc.property(line, (each) => {
        expect(parseKey(formatKey(each))).toEqual(each);
      }),
    );
  });

  it.each([
    ["111111111111/shop/main/latest.zip", "shop", "main"],
    [
      "111111111111/my shop/feature/JIRA-42/größe ändern/latest.zip",
      "my shop",
      "feature/JIRA-42/größe ändern",
    ],
    ["111111111111/a+b/100%25/latest.zip", "a+b", "100%25"],
    ["111111111111/.app/v1.2.../latest.zip", ".app", "v1.2..."],
    ["111111111111/app / trailing /latest.zip", "app ", " trailing "],
    ["111111111111/app/latest.zip/latest.zip", "app", "latest.zip"],
    ["000000000000/👩🏽‍🚀/e\u0301/latest.zip", "👩🏽‍🚀", "e\u0301"],
  ])("reads %s", (key, app, branch) => {
    expect(parseKey(key)).toMatchObject({ app, branch });
    expect(formatKey(parseKey(key))).toBe(key);
  });

  it.each([
    ["shop/main/latest.zip", "KeyAccountMalformed"],
    ["11111111111/shop/main/latest.zip", "KeyAccountMalformed"],
    ["1111111111111/shop/main/latest.zip", "KeyAccountMalformed"],
    ["/111111111111/shop/main/latest.zip", "KeyAccountMalformed"],
    ["latest.zip", "KeyMalformed"],
    ["111111111111/shop/main/artifact.zip", "KeyMalformed"],
    ["111111111111/shop/main/latest.zip/", "KeyMalformed"],
    ["111111111111/shop/main/latest.zip/extra", "KeyMalformed"],
    ["111111111111/shop/main/LATEST.ZIP", "KeyMalformed"],
    ["111111111111/latest.zip", "KeyMissingSegments"],
    ["111111111111/shop/latest.zip", "KeyMissingSegments"],
    ["111111111111//main/latest.zip", "KeyEmptySegment"],
    ["111111111111/shop//latest.zip", "KeyEmptySegment"],
    ["111111111111/shop/a//b/latest.zip", "KeyEmptySegment"],
    ["111111111111/shop/../latest.zip", "KeyDotSegment"],
    ["111111111111/./main/latest.zip", "KeyDotSegment"],
    ["111111111111/shop/a\tb/latest.zip", "KeyControlCharacter"],
    ["111111111111/shop/a\u0085b/latest.zip", "KeyControlCharacter"],
  ])("rejects %j with %s", async (key, code) => {
    expect(await codeOf(() => parseKey(key))).toBe(code);
  });

  it("names the observed key and the remedy", async () => {
    const error = await errorOf(() => parseKey("shop/main/latest.zip"));
    expect(error?.message).toBe('The key "shop/main/latest.zip" begins with "shop", not with 12 digits.');
    expect(error?.remedy).toContain("12 digits");
    expect(error?.move).toBe("rejected");
  });

  it("may be as long as its result's key allows, and not a byte longer", async () => {
    const key = (length: number): string => {
      const fixed = "111111111111/shop//latest.zip".length;
      return `111111111111/shop/${"b".repeat(length - fixed)}/latest.zip`;
    };
    const longest = 1024 - "results/".length - 36 - ".json".length + "latest.zip".length;
    expect(await codeOf(() => parseKey(key(longest)))).toBe("no error");
    expect(await codeOf(() => parseKey(key(longest + 1)))).toBe("KeyTooLong");
    expect(await codeOf(() => parseKey(`111111111111/shop/${"ö".repeat(480)}/latest.zip`))).toBe(
      "KeyTooLong",
    );
  });
});

describe("the keys of results", () => {
  it("the keys of results mirror the line", () => {
    expect(resultKeys("111111111111/my shop/a/b/latest.zip", "V1")).toEqual({
      version: "results/111111111111/my shop/a/b/V1.json",
      latest: "results/111111111111/my shop/a/b/latest.json",
    });
  });

  it("the keys of results exist for every key S3 can hold, and never exceed what S3 can hold", () => {
    const anyKey = fc
      .string({ unit: "binary", minLength: 1, maxLength: 1024 })
      .filter((key) => key.isWellFormed());
    fc.assert(
      fc.property(anyKey, (key) => {
        fc.pre(Buffer.byteLength(key) <= 1024);
        const { version, latest } = resultKeys(key, "v".repeat(32));
        for (const each of [version, latest ?? version]) {
          expect(Buffer.byteLength(each)).toBeLessThanOrEqual(1024);
          expect(isResultKey(each)).toBe(true);
        }
      }),
    );
  });

  it("the keys of results never overwrite the latest result of a line when the key is malformed", () => {
    const line = resultKeys("111111111111/shop/main/latest.zip", "V1");
    const malformed = resultKeys("111111111111/shop/main", "V2");
    expect(malformed.latest).toBeUndefined();
    expect(malformed.version).not.toBe(line.latest);
  });

  it("the keys of results stay below the uploader's account where the key cannot be mirrored", () => {
    const climbing = resultKeys("111111111111/../222222222222/x/latest.zip", "V1");
    expect(climbing.version).toMatch(/^results\/111111111111\/by-hash\/[0-9a-f]{64}\/V1\.json$/);
    const long = resultKeys(`111111111111/shop/${"b".repeat(990)}/latest.zip`, "v".repeat(32));
    expect(long.version).toMatch(/^results\/111111111111\/by-hash\/[0-9a-f]{64}\/v{32}\.json$/);
    expect(resultKeys("../latest.zip", "V1").version).toMatch(/^results\/unknown-account\/by-hash\//);
  });

  it("the keys of results differ from by-hash keys even for an app with the name by-hash", () => {
    const climbing = resultKeys("111111111111/../x/latest.zip", "V1").latest ?? "";
    const posing = climbing.replace("results/", "").replace("latest.json", "latest.zip");
    expect(parseKey(posing).app).toBe("by-hash");
    expect(resultKeys(posing, "V1").latest).not.toBe(climbing);
  });

  it("the keys of results differ for distinct lines", () => {
    fc.assert(
      fc.property(line, line, (a, b) => {
        fc.pre(formatKey(a) !== formatKey(b));
        expect(resultKeys(formatKey(a), "V").version).not.toBe(resultKeys(formatKey(b), "V").version);
      }),
    );
  });
});
