/** The contract of each store of upload records. */
import { describe, expect, it } from "vitest";
import type { UploadRecords } from "#ports/upload-records.ts";
import type { UploadRecord } from "#release/people/upload-record.ts";

type UploadRecordsSubject = AsyncDisposable & { readonly port: UploadRecords };

const record = (digit: string): UploadRecord => ({
  schema: 1,
  by: { id: `p-${digit.repeat(24)}`, kind: "session", role: "AROAEXAMPLE" },
  at: "2026-01-01T00:00:00.000Z",
});

export function uploadRecordsContract(name: string, open: () => Promise<UploadRecordsSubject>): void {
  describe(`upload records in ${name}`, () => {
    it("keeps the first record of a version, and has none of another version", async () => {
      await using subject = await open();
      const key = "111111111111/shop/feature/größe/latest.zip";
      await subject.port.write(key, "v1", record("a"));
      await subject.port.write(key, "v1", record("b"));
      expect(await subject.port.read(key, "v1")).toEqual(record("a"));
      expect(await subject.port.read(key, "v2")).toBeUndefined();
    });
  });
}
