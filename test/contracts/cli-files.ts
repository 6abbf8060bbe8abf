/** The contract of each store of packed command lines. */
import { describe, expect, it } from "vitest";
import type { CliFiles } from "#ports/cli-files.ts";

type CliFilesSubject = AsyncDisposable & {
  readonly port: CliFiles;
  readonly newest: () => Promise<Uint8Array>;
};

export function cliFilesContract(name: string, open: () => Promise<CliFilesSubject>): void {
  const text = (bytes: Uint8Array | undefined): string | undefined => bytes && Buffer.from(bytes).toString();

  describe(`packed command lines in ${name}`, () => {
    it("keeps each version, and has the newest under its fixed key", async () => {
      await using subject = await open();
      expect(await subject.port.read("1.0.0")).toBeUndefined();
      expect(await subject.port.put("1.0.0", Buffer.from("one"))).toBe(true);
      expect(await subject.port.put("1.1.0", Buffer.from("two"))).toBe(true);
      expect(text(await subject.port.read("1.0.0"))).toBe("one");
      expect(text(await subject.newest())).toBe("two");
    });

    it("keeps the bytes of a version under both keys when it is put with other bytes", async () => {
      await using subject = await open();
      await subject.port.put("1.0.0", Buffer.from("one"));
      expect(await subject.port.put("1.0.0", Buffer.from("other"))).toBe(false);
      expect(text(await subject.port.read("1.0.0"))).toBe("one");
      expect(text(await subject.newest())).toBe("one");
    });
  });
}
