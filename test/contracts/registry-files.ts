/** The contract of each store of Lambda code. */
import { describe, expect, it } from "vitest";
import type { RegistryFiles } from "#ports/registry-files.ts";

type RegistryFilesSubject = AsyncDisposable & {
  readonly port: RegistryFiles;
  readonly lambda: (digest: string) => Promise<Uint8Array>;
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
  });
}
