/** The contract of each store of Lambda code and of the estate file. */
import { describe, expect, it } from "vitest";
import type { RegistryFiles } from "#ports/registry-files.ts";

type RegistryFilesSubject = AsyncDisposable & {
  readonly port: RegistryFiles;
  readonly lambda: (digest: string) => Promise<Uint8Array>;
  readonly estate: () => Promise<string>;
};

const digest = "d".repeat(64);

export function registryFilesContract(name: string, open: () => Promise<RegistryFilesSubject>): void {
  describe(`registry files in ${name}`, () => {
    it("writes the code of a digest once", async () => {
      await using subject = await open();
      expect(await subject.port.putLambda(digest, Buffer.from("code"))).toBe(true);
      expect(await subject.port.putLambda(digest, Buffer.from("other"))).toBe(false);
      expect(Buffer.from(await subject.lambda(digest)).toString()).toBe("code");
    });

    it("has the estate of the last write", async () => {
      await using subject = await open();
      await subject.port.putEstate("region: us-east-1\n");
      await subject.port.putEstate("region: eu-west-1 # größer\n");
      expect(await subject.estate()).toBe("region: eu-west-1 # größer\n");
    });
  });
}
