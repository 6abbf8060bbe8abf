/** The contract of each store of environments' locks. */
import { describe, expect, it } from "vitest";
import type { EnvironmentLocks } from "#ports/environment-locks.ts";

type LocksSubject = AsyncDisposable & { readonly port: EnvironmentLocks };

const key = "lines/shop/locks/prod.json";

export function environmentLocksContract(name: string, open: () => Promise<LocksSubject>): void {
  describe(`environment locks in ${name}`, () => {
    it("the first of two writers makes the object, and the other one is told", async () => {
      await using subject = await open();
      const { port } = subject;
      expect(await port.read(key)).toBeUndefined();
      expect(await port.write(key, "first", undefined)).toBe(true);
      expect(await port.write(key, "second", undefined)).toBe(false);
      expect((await port.read(key))?.content).toBe("first");
    });

    it("replaces the object only as long as no other write has come between", async () => {
      await using subject = await open();
      const { port } = subject;
      await port.write(key, "first", undefined);
      const read = await port.read(key);
      expect(await port.write(key, "second", read?.tag)).toBe(true);
      expect(await port.write(key, "third", read?.tag)).toBe(false);
      expect(await port.read(key)).toMatchObject({ content: "second" });
    });

    it("does not replace an object that is gone", async () => {
      await using subject = await open();
      expect(await subject.port.write(key, "text", '"0123456789abcdef0123456789abcdef"')).toBe(false);
      expect(await subject.port.read(key)).toBeUndefined();
    });
  });
}
