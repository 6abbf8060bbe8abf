import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { unzip } from "#cloud/lambda-runtime/unzip.ts";
import { zip } from "#test/lambda/functions.ts";

const inDirectory = async (work: (directory: string) => Promise<void>): Promise<void> => {
  const root = await mkdtemp(join(tmpdir(), "unzip-"));
  try {
    await work(join(root, "code"));
  } finally {
    await rm(root, { recursive: true, force: true });
  }
};

/** Returns the zip with one name spelled differently. Both spellings have the same length. */
const renamed = async (from: string, to: string): Promise<Buffer> =>
  Buffer.from((await zip({ [from]: "x" })).toString("latin1").replaceAll(from, to), "latin1");

describe("unzipping a function's code", () => {
  it("writes every entry, folders and empty files too", () =>
    inDirectory(async (directory) => {
      const long = "größe ".repeat(10_000);
      await unzip(await zip({ "a.txt": long, "b/c/d.txt": "", "ü.txt": "u" }), directory, 1e6);
      expect(await readFile(join(directory, "a.txt"), "utf8")).toBe(long);
      expect(await readFile(join(directory, "b/c/d.txt"), "utf8")).toBe("");
      expect(await readFile(join(directory, "ü.txt"), "utf8")).toBe("u");
    }));

  it.each(["../evil", "/etc/ev", "a/../../", "..\\evil"])("refuses the entry %s", (name) =>
    inDirectory(async (directory) => {
      const bytes = await renamed("x".repeat(name.length), name);
      await expect(unzip(bytes, directory, 1e6)).rejects.toThrow("points outside the package");
    }),
  );

  it("refuses more bytes than allowed, before it writes any", () =>
    inDirectory(async (directory) => {
      await expect(unzip(await zip({ a: "x".repeat(2000) }), directory, 1000)).rejects.toThrow(
        "Unzipped size must be smaller than 1000 bytes",
      );
      await expect(readFile(join(directory, "a"))).rejects.toThrow("ENOENT");
    }));

  it("refuses an entry that holds more than it declares, and half a zip", () =>
    inDirectory(async (directory) => {
      const bytes = await zip({ a: "x".repeat(2000) });
      const lying = Buffer.from(bytes);
      lying.writeUInt32LE(10, lying.indexOf(Buffer.from([0x50, 0x4b, 1, 2])) + 24);
      await expect(unzip(lying, directory, 1e6)).rejects.toThrow("is damaged");
      await expect(unzip(bytes.subarray(0, bytes.length - 30), directory, 1e6)).rejects.toThrow(
        "no end of central directory",
      );
    }));
});
