/** The contract of each port that uploads. */
import { describe, expect, it } from "vitest";
import type { Uploads } from "#ports/uploads.ts";

type UploadsSubject = AsyncDisposable & {
  readonly port: Uploads;
  readonly newest: (key: string) => Promise<Uint8Array>;
  /** The metadata of the newest version. */
  readonly metadata: (key: string) => Promise<Readonly<Record<string, string>>>;
};

const key = "111111111111/shop/feature/größe/latest.zip";

export function uploadsContract(name: string, open: () => Promise<UploadsSubject>): void {
  describe(`uploads into ${name}`, () => {
    it("stores the whole content under a new version and reports the bytes sent", async () => {
      await using subject = await open();
      const chunks = async function* () {
        for (let sent = 0; sent < 3; sent += 1) yield Buffer.alloc(1000, "k");
      };
      const sent: number[] = [];
      const first = await subject.port.put(key, { size: 3000, chunks }, (bytes) => sent.push(bytes));
      const second = await subject.port.put(key, { size: 3000, chunks });
      expect(first).toEqual(expect.any(String));
      expect(second).not.toBe(first);
      expect(sent.at(-1)).toBe(3000);
      expect(Buffer.from(await subject.newest(key))).toEqual(Buffer.alloc(3000, "k"));
    });

    it("stores the metadata of the content", async () => {
      await using subject = await open();
      const chunks = async function* () {
        yield Buffer.from("zip");
      };
      await subject.port.put(key, { size: 3, chunks, metadata: { "kedge-commit": "0f1e2d" } });
      expect(await subject.metadata(key)).toEqual({ "kedge-commit": "0f1e2d" });
    });

    it("stores a tombstone as an object of zero bytes", async () => {
      await using subject = await open();
      expect(await subject.port.putTombstone(key)).toEqual(expect.any(String));
      expect(await subject.newest(key)).toHaveLength(0);
    });
  });
}
