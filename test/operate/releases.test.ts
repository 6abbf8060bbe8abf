/** Tests uploads and the reading of their results: status, follow and history. */
import { describe, expect, it } from "vitest";
import { followRelease } from "#operate/follow-release.ts";
import { releaseHistory } from "#operate/history.ts";
import { releaseStatus } from "#operate/status.ts";
import { tearDown, uploadArtifact } from "#operate/upload.ts";
import type { Result } from "#release/line/result.ts";
import { formatKey, resultKeys } from "#release/names/key.ts";
import { shop as line } from "#test/release/samples.ts";
import { fakeTime, memoryResultVersions, memoryUploads } from "#test/support/fakes/operators.ts";
import { memoryPeople } from "#test/support/fakes/people.ts";
import { memoryResults } from "#test/support/fakes/storage.ts";
import { operateCodeOf } from "./operate-code.ts";
import { resultOf, writeResult } from "./results.ts";

describe("uploadArtifact", () => {
  const content = {
    size: 3,
    chunks: async function* () {
      yield Buffer.from("zip");
    },
  };

  it("puts the content at the key of the line and returns the version", async () => {
    const uploads = memoryUploads();
    expect(await uploadArtifact({ uploads }, { line, content })).toBe("version-1");
    expect([...uploads.objects.keys()]).toEqual([formatKey(line)]);
  });

  it("throws BucketUnversioned when the bucket keeps no versions", async () => {
    const uploads = { ...memoryUploads(), put: async () => undefined, putTombstone: async () => undefined };
    expect(await operateCodeOf(() => uploadArtifact({ uploads }, { line, content }))).toBe(
      "BucketUnversioned",
    );
    expect(await operateCodeOf(() => tearDown({ uploads }, line))).toBe("BucketUnversioned");
  });

  it("orders a teardown by an upload of zero bytes", async () => {
    const uploads = memoryUploads();
    await tearDown({ uploads }, line);
    expect(uploads.objects.get(formatKey(line))).toEqual([new Uint8Array()]);
  });
});

describe("releaseStatus", () => {
  it("returns the newest result, or the result of one version", async () => {
    const results = memoryResults();
    await writeResult(results, line, resultOf(line, "failed", { version: "version-1" }));
    await writeResult(results, line, resultOf(line, "released", { version: "version-2" }));
    const status = async (version: string) => (await releaseStatus({ results }, { line, version })).status;
    expect(await status("latest")).toBe("released");
    expect(await status("version-1")).toBe("failed");
  });

  it("throws NoResult while the line has no result", async () => {
    const deps = { results: memoryResults() };
    expect(await operateCodeOf(() => releaseStatus(deps, { line, version: "latest" }))).toBe("NoResult");
  });
});

describe("followRelease", () => {
  const order = { line, version: "version-1", timeoutSeconds: 10, pollMs: 1000 };

  it("reports each change once and ends with the final result", async () => {
    const results = memoryResults();
    const statuses = ["releasing", "releasing", "released"] as const;
    let polls = 0;
    const time = fakeTime(() => {
      const status = statuses[polls] ?? "released";
      polls += 1;
      void writeResult(results, line, resultOf(line, status));
    });
    const seen: string[] = [];
    const onChange = ({ status }: Result) => seen.push(status);
    const last = await followRelease({ results, ...time }, order, { onChange });
    expect([seen, last.status]).toEqual([["releasing", "released"], "released"]);
  });

  it("returns when the release has a status of the order's `leaveAt`", async () => {
    const results = memoryResults();
    await writeResult(results, line, resultOf(line, "waiting-for-approval"));
    const leave = { ...order, leaveAt: ["waiting-for-approval"] as const };
    const last = await followRelease({ results, ...fakeTime() }, leave);
    expect(last.status).toBe("waiting-for-approval");
  });

  it("reports once that no result was written within a minute", async () => {
    let silences = 0;
    const deps = { results: memoryResults(), ...fakeTime() };
    const long = { ...order, timeoutSeconds: 300 };
    const onSilence = () => {
      silences += 1;
    };
    expect(await operateCodeOf(() => followRelease(deps, long, { onSilence }))).toBe("FollowTimedOut");
    expect(silences).toBe(1);
  });

  it("throws FollowTimedOut after the timeout", async () => {
    const deps = { results: memoryResults(), ...fakeTime() };
    expect(await operateCodeOf(() => followRelease(deps, order))).toBe("FollowTimedOut");
  });
});

describe("releaseHistory", () => {
  const keyOf = (version: string) => resultKeys(formatKey(line), version).version;
  function written() {
    const resultVersions = memoryResultVersions();
    const write = (version: string, status: "releasing" | "released", at: string) =>
      resultVersions.write(
        keyOf(version),
        JSON.stringify(resultOf(line, status, { version, updatedAt: at })),
        at,
      );
    write("v1", "releasing", "2026-01-01T00:00:01.000Z");
    write("v1", "released", "2026-01-01T00:00:02.000Z");
    write("v2", "released", "2026-01-01T00:00:03.000Z");
    resultVersions.write(keyOf("v1"), undefined, "2026-01-01T00:00:04.000Z");
    resultVersions.write(resultKeys(formatKey(line), "").latest ?? "", "{}", "2026-01-01T00:00:05.000Z");
    return { resultVersions, people: memoryPeople() };
  }

  it("returns every result oldest first, and a removal without a result", async () => {
    const entries = await releaseHistory(written(), { line, limit: 100 });
    expect(entries.map(({ version, result }) => [version, result?.status])).toEqual([
      ["v1", "releasing"],
      ["v1", "released"],
      ["v2", "released"],
      ["v1", undefined],
    ]);
  });

  it("limits the answer to one upload and to the newest entries", async () => {
    const entries = await releaseHistory(written(), { line, release: "v1", limit: 2 });
    expect(entries.map(({ result }) => result?.status)).toEqual(["released", undefined]);
  });

  it("throws NoHistory for a line without uploads", async () => {
    const deps = { resultVersions: memoryResultVersions(), people: memoryPeople() };
    expect(await operateCodeOf(() => releaseHistory(deps, { line, limit: 1 }))).toBe("NoHistory");
  });
});
