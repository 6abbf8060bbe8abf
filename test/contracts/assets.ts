/** The contract of each store of assets. */
import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { Assets, DigestedContent } from "#ports/assets.ts";

type AssetsSubject = AsyncDisposable & {
  readonly port: Assets;
  readonly get: (key: string) => Promise<Uint8Array>;
  /** Writes a new version past the port. */
  readonly overwrite: (key: string, bytes: Uint8Array) => Promise<void>;
};

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

const repeated = (chunk: Uint8Array, times: number): DigestedContent => ({
  size: chunk.length * times,
  sha256: sha256(Buffer.concat(Array.from({ length: times }, () => chunk))),
  chunks: async function* () {
    for (let sent = 0; sent < times; sent += 1) yield chunk;
  },
});
const small = repeated(Buffer.from("small"), 1);

export function assetsContract(name: string, open: () => Promise<AssetsSubject>): void {
  describe(`assets in ${name}`, () => {
    it("the port answers with digest, size and version once an asset is stored completely", async () => {
      await using subject = await open();
      const { port } = subject;
      expect(await port.newest("parts/a.zip")).toBeUndefined();
      const versionId = (await port.putOnce("parts/a.zip", small)) ?? "";
      const stored = { key: "parts/a.zip", versionId, sha256: small.sha256, size: 5 };
      expect(await port.newest("parts/a.zip")).toEqual(stored);
      expect(await port.version("parts/a.zip", versionId)).toEqual(stored);
      expect(Buffer.from(await subject.get("parts/a.zip")).toString()).toBe("small");
    });

    it("stores 20 MB in one write with the digest of the whole", async () => {
      await using subject = await open();
      const content = repeated(Buffer.alloc(1_000_003, "kedge"), 20);
      await subject.port.putOnce("parts/big.zip", content);
      expect(sha256(await subject.get("parts/big.zip"))).toBe(content.sha256);
      expect((await subject.port.newest("parts/big.zip"))?.sha256).toBe(content.sha256);
    });

    it("leaves an asset as it is when the key exists", async () => {
      await using subject = await open();
      const first = await subject.port.putOnce("parts/a.zip", small);
      expect(await subject.port.putOnce("parts/a.zip", repeated(Buffer.from("other"), 1))).toBeUndefined();
      expect((await subject.port.newest("parts/a.zip"))?.versionId).toBe(first);
    });

    it("keeps the answer about a version after the key was overwritten", async () => {
      await using subject = await open();
      const { port } = subject;
      const versionId = (await port.putOnce("parts/a.zip", small)) ?? "";
      await subject.overwrite("parts/a.zip", Buffer.from("EVIL"));
      expect(await port.newest("parts/a.zip")).toMatchObject({
        sha256: sha256(Buffer.from("EVIL")),
        size: 4,
      });
      expect(await port.version("parts/a.zip", versionId)).toMatchObject({ sha256: small.sha256 });
    });

    it("does not store content whose bytes have another digest", async () => {
      await using subject = await open();
      const lying = { ...small, sha256: sha256(Buffer.from("else")) };
      await expect(subject.port.putOnce("parts/a.zip", lying)).rejects.toThrow();
      expect(await subject.port.newest("parts/a.zip")).toBeUndefined();
    });

    it.each([
      ["small", small.size],
      ["large", 9 * 1024 ** 2],
    ])("does not store a %s asset whose source breaks off", async (_, size) => {
      await using subject = await open();
      const broken: DigestedContent = {
        ...small,
        size,
        chunks: async function* () {
          yield Buffer.from("sm");
          throw new Error("the source broke off");
        },
      };
      await expect(subject.port.putOnce("parts/broken.zip", broken)).rejects.toThrow("the source broke off");
      expect(await subject.port.newest("parts/broken.zip")).toBeUndefined();
    });
  });
}
