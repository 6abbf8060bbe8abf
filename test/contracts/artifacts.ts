/** The contract of each port of uploads. */
import { describe, expect, it } from "vitest";
import type { Artifacts } from "#ports/artifacts.ts";
import type { ArtifactNow } from "#release/line/observation.ts";
import { joined } from "#test/support/fakes/storage.ts";

type ArtifactsSubject = AsyncDisposable & {
  readonly port: Artifacts;
  readonly upload: (key: string, bytes: Uint8Array) => Promise<string>;
};

const key = "111111111111/shop/feature/größe ändern+x/latest.zip";
const bytes = Buffer.from("0123456789".repeat(500));

export function artifactsContract(name: string, open: () => Promise<ArtifactsSubject>): void {
  const now = async (port: Artifacts): Promise<ArtifactNow> => {
    const found = await port.newest(key);
    if (found === undefined) throw new TypeError("The upload is not there.");
    return found;
  };

  describe(`uploads in ${name}`, () => {
    it("knows the newest version of an upload, and returns undefined when there is none", async () => {
      await using subject = await open();
      expect(await subject.port.newest(key)).toBeUndefined();
      const first = await subject.upload(key, bytes);
      expect(await now(subject.port)).toMatchObject({ key, versionId: first, size: bytes.length });
      const second = await subject.upload(key, new Uint8Array(0));
      expect(second).not.toBe(first);
      expect(await now(subject.port)).toMatchObject({ versionId: second, size: 0 });
      expect((await now(subject.port)).lastModified).toMatch(/^\d{4}-\d\d-\d\dT/);
      expect((await now(subject.port)).etag).not.toContain('"');
    });

    it("reads ranges of exactly one version", async () => {
      await using subject = await open();
      await subject.upload(key, bytes);
      const old = await now(subject.port);
      await subject.upload(key, Buffer.from("newer"));
      const { size, read } = subject.port.reader(old);
      expect(size).toBe(bytes.length);
      expect(Buffer.from(await read(3, 6)).toString()).toBe("345");
      expect(await read(size - 2, size + 10)).toHaveLength(2);
      expect(await read(5, 5)).toHaveLength(0);
    });

    it("streams an upload in order, whole or from one offset to another", async () => {
      await using subject = await open();
      await subject.upload(key, bytes);
      const artifact = await now(subject.port);
      expect(Buffer.from(await joined(subject.port.stream(artifact)))).toEqual(bytes);
      expect(Buffer.from(await joined(subject.port.stream(artifact, 4, 7))).toString()).toBe("456");
    });

    it("lists uploads by account, with their current sizes", async () => {
      await using subject = await open();
      await subject.upload(key, bytes);
      await subject.upload(key, new Uint8Array(0));
      await subject.upload("222222222222/other/main/latest.zip", bytes);
      const listed = [];
      for await (const upload of subject.port.uploads("111111111111")) listed.push(upload);
      expect(listed).toMatchObject([{ key, size: 0, lastModified: (await now(subject.port)).lastModified }]);
      expect(await subject.port.listed(key)).toEqual(listed[0]);
      expect(await subject.port.listed(key.slice(0, -1))).toBeUndefined();
    });
  });
}
