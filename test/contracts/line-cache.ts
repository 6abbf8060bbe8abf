/** The contract of each cache of lines. */
import { describe, expect, it } from "vitest";
import type { LineCache } from "#ports/line-cache.ts";

type LineCacheSubject = AsyncDisposable & {
  readonly port: LineCache;
  /** Counts the versions of all objects with this key prefix, delete markers included. */
  readonly versions: (prefix: string) => Promise<number>;
  readonly summaryOf: (key: string, version: string) => Promise<string | undefined>;
};

export function lineCacheContract(name: string, open: () => Promise<LineCacheSubject>): void {
  describe(`the cache of lines in ${name}`, () => {
    it("returns the content of the last put, and gives each put a new version", async () => {
      await using subject = await open();
      const key = "lines/shop-main-abc/release.zip";
      expect(await subject.port.get(key)).toBeUndefined();
      const first = await subject.port.put(key, Buffer.from("1"), "version-1");
      const second = await subject.port.put(key, Buffer.from("2"), "version-2");
      expect(first).not.toBe(second);
      expect(Buffer.from((await subject.port.get(key)) ?? []).toString()).toBe("2");
      expect(await subject.summaryOf(key, first)).toBe("version-1");
    });

    it("keeps the first object when putOnce writes to its key again", async () => {
      await using subject = await open();
      const key = "lines/abcdefghi.json";
      expect(await subject.port.putOnce(key, Buffer.from("1"))).toBe(true);
      expect(await subject.port.putOnce(key, Buffer.from("2"))).toBe(false);
      expect(Buffer.from((await subject.port.get(key)) ?? []).toString()).toBe("1");
    });

    it("lists each line once, and no record beside the lines", async () => {
      await using subject = await open();
      const keys = ["lines/b/line.json", "lines/b/release.zip", "lines/a/line.json", "lines/abcdefghi.json"];
      for (const key of [...keys, "parts/x"]) await subject.port.put(key, new Uint8Array(1));
      expect([...(await subject.port.lineNames())].sort()).toEqual(["a", "b"]);
    });

    it("forgets every version below a prefix and nothing else, also when it is called twice", async () => {
      await using subject = await open();
      for (const key of [
        "lines/a/line.json",
        "lines/a/release.zip",
        "lines/a/release.zip",
        "lines/ab/line.json",
      ])
        await subject.port.put(key, new Uint8Array(1));
      await subject.port.remove("lines/a/");
      await subject.port.remove("lines/a/");
      expect(await subject.versions("lines/a/")).toBe(0);
      expect(await subject.port.lineNames()).toEqual(["ab"]);
    });
  });
}
