/** Tests the comparison of a stored asset with its record, and the locations of assets in another region. */
import { describe, expect, it } from "vitest";
import {
  type AssetRecord,
  checkSize,
  compareAsset,
  largestAsset,
  readAssetRecords,
  relocate,
  writeAssetRecords,
} from "#release/stack/stored-asset.ts";
import { codeOf } from "#test/release/samples.ts";

const sha256 = "a".repeat(64);
const stored = { key: `parts/${sha256}.zip`, versionId: "v1", sha256, size: 5 };

describe("a comparison of assets", () => {
  it("accepts the expected object, with and without a known version", () => {
    const { versionId: _, ...unversioned } = stored;
    expect(compareAsset("cache", stored, stored)).toEqual(stored);
    expect(compareAsset("cache", unversioned, stored)).toEqual(stored);
  });

  it.each([
    ["no object", undefined],
    ["another digest", { ...stored, sha256: "b".repeat(64) }],
    ["another size", { ...stored, size: 6 }],
    ["another version", { ...stored, versionId: "v2" }],
  ])("rejects %s", async (_, found) => {
    expect(await codeOf(() => compareAsset("cache", stored, found))).toBe("AssetAltered");
  });

  it("rejects content that one request cannot store", async () => {
    expect(() => checkSize("a", largestAsset)).not.toThrow();
    expect(await codeOf(() => checkSize("a", largestAsset + 1))).toBe("AssetTooLarge");
  });
});

describe("records of assets", () => {
  const home = { bucket: "kedge-cache-1-us-east-1", region: "us-east-1" };
  const there = { bucket: "kedge-cache-1-eu-west-1", region: "eu-west-1" };
  const inner = { ...stored, key: "parts/inner.template", versionId: "home-version" };
  const record: AssetRecord = {
    pinned: true,
    regions: {
      "us-east-1": inner,
      "eu-west-1": { ...inner, key: "parts/other.template", versionId: "there-version" },
    },
  };

  it("reads records as they were written", () => {
    expect(readAssetRecords(writeAssetRecords([record]), "parts.json")).toEqual([record]);
  });

  it("rejects documents that are no records", async () => {
    expect(await codeOf(() => readAssetRecords('[{"key": "k"}]', "parts.json"))).toBe(
      "ReleaseDocumentMalformed",
    );
  });

  it("gives a text the bucket, keys and versions of another region", () => {
    const url = (cache: typeof home, key: string, version: string) =>
      `https://${cache.bucket}.s3.${cache.region}.amazonaws.com/${key}?versionId=${version}`;
    const text = url(home, "parts/inner.template", "home-version");
    expect(relocate(text, [record], home, there)).toBe(url(there, "parts/other.template", "there-version"));
    expect(relocate(text, [record], home, home)).toBe(text);
  });
});
