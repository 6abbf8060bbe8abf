/** Tests the way of an upload to its line, or back to its uploader as a rejection. */
import { describe, expect, it } from "vitest";
import { type BusEvent, uploadIn } from "#journey/event.ts";
import { route } from "#journey/route.ts";
import type { LineMessage } from "#ports/line-queue.ts";
import type { AccountInRegion } from "#ports/target.ts";
import { parseResult } from "#release/line/result-shape.ts";
import { resultKeys } from "#release/names/key.ts";
import { fakeEstate } from "#test/support/fakes/anchor.ts";
import { memoryResults } from "#test/support/fakes/storage.ts";

function routing() {
  const sent: (LineMessage & { readonly to: AccountInRegion })[] = [];
  const results = memoryResults();
  const deps = {
    estate: { load: async () => fakeEstate },
    results,
    lines: {
      send: async (to: AccountInRegion, messages: readonly LineMessage[]) => {
        sent.push(...messages.map((message) => ({ ...message, to })));
      },
    },
  };
  return { deps, sent, results };
}

const upload = (key: string) => ({ bucket: "b", key, versionId: "v1", at: "2026-01-01T00:00:00Z" });

describe("an upload", () => {
  it("is sent to its line's anchor, in the line's own group, once for each intake message", async () => {
    const { deps, sent } = routing();
    await route(deps, upload("111111111111/shop/feature/x/latest.zip"), "message-1");
    const [message] = sent;
    expect(message).toMatchObject({
      to: { account: "111111111111", region: "us-east-1" },
      deduplication: "message-1",
    });
    expect(message?.group).toMatch(/^shop-feature-x-[a-z2-7]{12}$/);
    expect(JSON.parse(message?.body ?? "")).toEqual({
      cause: "upload",
      line: { account: "111111111111", app: "shop", branch: "feature/x" },
      versionId: "v1",
    });
  });

  it.each([
    ["111111111111/shop/latest.zip", "KeyMissingSegments"],
    ["111111111111/shop/main/artifact.zip", "KeyMalformed"],
    ["shop/main/latest.zip", "KeyAccountMalformed"],
    ["111111111111/shop/../main/latest.zip", "KeyDotSegment"],
    ["999999999999/shop/main/latest.zip", "AccountUnknown"],
  ])("%s is rejected with %s and reaches no line", async (key, code) => {
    const { deps, sent, results } = routing();
    await route(deps, upload(key), "message-1");
    expect(sent).toEqual([]);
    const result = parseResult(results.objects.get(resultKeys(key, "v1").version) ?? "");
    expect(result).toMatchObject({ key, version: "v1", status: "rejected", reason: { code } });
    expect(result.reason.remedy).not.toBe("");
  });

  it.each([
    "results/111111111111/shop/main/latest.zip",
    "reviews/111111111111/kedge-app-prod-shop/v-1.json",
    "cli/kedge.tgz",
  ])("is ignored when Kedge or the cloud team wrote the object: %s", async (key) => {
    const { deps, sent, results } = routing();
    expect(await route(deps, upload(key), "m")).toEqual({ to: "nobody" });
    expect([sent, results.writes]).toEqual([[], []]);
  });

  it("is not rejected when the estate cannot be read, because that is not the uploader's fault", async () => {
    const { deps, results } = routing();
    const broken = { ...deps, estate: { load: () => Promise.reject(new Error("AccessDenied")) } };
    await expect(route(broken, upload("111111111111/shop/main/latest.zip"), "m")).rejects.toThrow(
      "AccessDenied",
    );
    expect(results.writes).toEqual([]);
  });
});

describe("an event of S3", () => {
  const event = (over: Partial<BusEvent>): BusEvent => ({
    id: "e",
    source: "aws.s3",
    "detail-type": "Object Created",
    account: "101010101010",
    time: "2026-01-01T00:00:00Z",
    detail: { bucket: { name: "b" }, object: { key: "a+b%20/größe", "version-id": "v1" } },
    ...over,
  });

  it("has the key unencoded, because EventBridge does not encode it", () => {
    expect(uploadIn(event({}))).toEqual({
      bucket: "b",
      key: "a+b%20/größe",
      versionId: "v1",
      at: "2026-01-01T00:00:00Z",
    });
  });

  it.each([{ source: "aws.ec2" }, { "detail-type": "Object Deleted" }, { detail: {} }])(
    "%o is no upload",
    (over) => {
      expect(uploadIn(event(over))).toBeUndefined();
    },
  );
});
