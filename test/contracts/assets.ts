/** The contract of each store of assets. */
import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { AssetContent, Assets } from "#ports/assets.ts";

type AssetsSubject = AsyncDisposable & {
  readonly port: Assets;
  readonly get: (key: string) => Promise<Uint8Array>;
};

const repeated = (chunk: Uint8Array, times: number): AssetContent => ({
  size: chunk.length * times,
  chunks: async function* () {
    for (let sent = 0; sent < times; sent += 1) yield chunk;
  },
});

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

export function assetsContract(name: string, open: () => Promise<AssetsSubject>): void {
  describe(`assets in ${name}`, () => {
    it("has an asset once it is stored completely", async () => {
      await using subject = await open();
      const content = repeated(Buffer.from("small"), 1);
      expect(await subject.port.has("parts/a.zip")).toBe(false);
      await subject.port.put("parts/a.zip", content);
      expect(await subject.port.has("parts/a.zip")).toBe(true);
      expect(Buffer.from(await subject.get("parts/a.zip")).toString()).toBe("small");
    });

    it("stores an asset that is larger than any single request", async () => {
      await using subject = await open();
      const chunk = Buffer.alloc(1_000_003, "kedge");
      await subject.port.put("parts/big.zip", repeated(chunk, 20));
      const stored = await subject.get("parts/big.zip");
      expect(sha256(stored)).toBe(sha256(Buffer.concat(Array.from({ length: 20 }, () => chunk))));
    });

    it("does not store an asset whose source breaks off", async () => {
      await using subject = await open();
      const broken: AssetContent = {
        size: 10,
        chunks: async function* () {
          yield Buffer.from("12345");
          throw new Error("the source broke off");
        },
      };
      await expect(subject.port.put("parts/broken.zip", broken)).rejects.toThrow("the source broke off");
      expect(await subject.port.has("parts/broken.zip")).toBe(false);
    });
  });
}
