/** Tests the way of an upload to its line, or back to its uploader as a rejection. */
import { describe, expect, it } from "vitest";
import { type BusEvent, uploadsIn } from "#journey/event.ts";
import { route } from "#journey/route.ts";
import type { LineMessage } from "#ports/line-queue.ts";
import type { AccountInRegion } from "#ports/target.ts";
import { parseResult } from "#release/line/result-shape.ts";
import { resultKeys } from "#release/names/key.ts";
import { fakeEstate } from "#test/support/fakes/anchor.ts";
import { memoryPeople, memoryUploadRecords } from "#test/support/fakes/people.ts";
import { memoryResults } from "#test/support/fakes/storage.ts";

function routing() {
  const sent: (LineMessage & { readonly to: AccountInRegion })[] = [];
  const results = memoryResults();
  const people = memoryPeople();
  const uploadRecords = memoryUploadRecords();
  const deps = {
    estate: { load: async () => fakeEstate },
    ...{ results, people, uploadRecords },
    lines: {
      send: async (to: AccountInRegion, messages: readonly LineMessage[]) => {
        sent.push(...messages.map((message) => ({ ...message, to })));
      },
    },
  };
  return { deps, sent, results, people, uploadRecords };
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

  it("has a record of its uploader, which a second message does not change", async () => {
    const { deps, people, uploadRecords } = routing();
    const key = "111111111111/shop/main/latest.zip";
    await route(deps, { ...upload(key), principalId: "AWS:AROAEXAMPLE:bob" }, "message-1");
    await route(deps, { ...upload(key), principalId: "AWS:AROAOTHER:eve" }, "message-2");
    const record = await uploadRecords.read(key, "v1");
    expect(record).toMatchObject({
      by: { kind: "session", role: "AROAEXAMPLE" },
      at: "2026-01-01T00:00:00Z",
    });
    expect(await people.name("111111111111", record?.by.id ?? "")).toBe("bob");
    expect(JSON.stringify(record)).not.toContain("bob");
  });

  it("has no record when the message does not name the uploader", async () => {
    const { deps, uploadRecords, sent } = routing();
    await route(deps, upload("111111111111/shop/main/latest.zip"), "message-1");
    expect([sent.length, uploadRecords.records.size]).toEqual([1, 0]);
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

const emitted = (over: Partial<BusEvent>): BusEvent => ({
  id: "e",
  source: "aws.s3",
  "detail-type": "Object Created",
  account: "101010101010",
  time: "2026-01-01T00:00:00Z",
  detail: { bucket: { name: "b" }, object: { key: "a+b%20/größe", "version-id": "v1" } },
  ...over,
});

/** A notification as the S3 User Guide prints it ("Event message structure"). */
const notified = (over: object = {}) => ({
  Records: [
    {
      ...{ eventVersion: "2.1", eventSource: "aws:s3", eventTime: "2026-01-01T00:00:00.000Z" },
      ...{ eventName: "ObjectCreated:Put", userIdentity: { principalId: "AWS:AROAEXAMPLE:bob" } },
      s3: { bucket: { name: "b" }, object: { key: "a%2Bb+c/gr%C3%B6%C3%9Fe", versionId: "v1" } },
      ...over,
    },
  ],
});

describe("a message on the intake queue", () => {
  it("has the key unencoded in the form of EventBridge, and no uploader", () => {
    const at = "2026-01-01T00:00:00Z";
    expect(uploadsIn(emitted({}))).toEqual([{ bucket: "b", key: "a+b%20/größe", versionId: "v1", at }]);
  });

  it("has the key encoded and the uploader in the form of S3's notifications", () => {
    const at = "2026-01-01T00:00:00.000Z";
    expect(uploadsIn(notified())).toEqual([
      { bucket: "b", key: "a+b c/größe", versionId: "v1", at, principalId: "AWS:AROAEXAMPLE:bob" },
    ]);
  });

  it.each([
    emitted({ source: "aws.ec2" }),
    emitted({ "detail-type": "Object Deleted" }),
    emitted({ detail: {} }),
    notified({ eventName: "ObjectRemoved:DeleteMarkerCreated" }),
    notified({ s3: {} }),
    { Service: "Amazon S3", Event: "s3:TestEvent", Bucket: "b" },
    { Records: "none" },
    null,
  ])("%j tells of no upload", (body) => {
    expect(uploadsIn(body)).toEqual([]);
  });
});
