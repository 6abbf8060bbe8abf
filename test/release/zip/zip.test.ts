import { deflateRawSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bytesReader, type RangeReader } from "#release/zip/range-reader.ts";
import { readZipDirectory } from "#release/zip/zip-directory.ts";
import { entryContent, entryRange } from "#release/zip/zip-entry.ts";
import { writeZip, type ZipContent } from "#release/zip/zip-write.ts";
import { codeOf, errorOf } from "#test/release/samples.ts";
import { fixture, type fixtures } from "./zip-fixtures.ts";

const bounds = { entries: 1000, unpackedBytes: 1024 ** 3 };
const list = (zip: Uint8Array) => readZipDirectory(bytesReader(zip), bounds);

async function contentOf(zip: Uint8Array, name: string): Promise<string> {
  const entry = (await list(zip)).entries.find((each) => each.name === name);
  if (entry === undefined) return "no such entry";
  const { start, end } = entryRange(entry);
  return Buffer.from(entryContent(entry, zip.subarray(start, end))).toString();
}

/** Changes a field of every directory record (`at` counts from the record's begin), as no zip tool would. */
function patched(
  zip: Uint8Array,
  at: number,
  bytes: readonly number[],
  signature = "PK\x01\x02",
): Uint8Array {
  const copy = Buffer.from(zip);
  for (
    let record = copy.indexOf(signature, 0, "latin1");
    record >= 0;
    record = copy.indexOf(signature, record + 1, "latin1")
  ) {
    copy.set(bytes, record + at);
  }
  return copy;
}

const small = writeZip([{ name: "template.yaml", content: "Resources: {}\n" }]);
const named = (name: string): Uint8Array => writeZip([{ name, content: "x" }]);

describe("reading a zip's directory", () => {
  const readable = [
    "infozip",
    "jar",
    "python",
    "python-stream64",
    "windows",
    "cp437",
    "comment",
    "prefixed",
    "yazl64",
  ] as const;

  it.each(readable)("reads the directory of %s, and the template in it", async (name) => {
    expect(await contentOf(fixture(name), "template.yaml")).toContain("AWS::SNS::Topic");
  });

  it("reads names in UTF-8 and in code page 437, and backslashes of Windows", async () => {
    const names = async (name: keyof typeof fixtures) =>
      (await list(fixture(name))).entries.map((each) => each.name);
    expect(await names("infozip")).toContain("größe.txt");
    expect(await names("python")).toEqual(["template.yaml", "größe.txt", "src/"]);
    expect(await names("cp437")).toContain("größe.txt");
    expect(await names("windows")).toContain("src/index.js");
  });

  it("reads one range of a small zip and two of a large one", async () => {
    const content = new Uint8Array(300_000).map((_, index) => (index * 31) % 251);
    const many = Array.from({ length: 3000 }, (_, index) => ({
      name: `${"d".repeat(60)}/${index}`,
      content: "x",
    }));
    expect(await rangesOf(writeZip([{ name: "large", content }]))).toBe(1);
    expect(await rangesOf(writeZip(many), { ...bounds, entries: 5000 })).toBe(2);
  });

  async function rangesOf(zip: Uint8Array, within = bounds): Promise<number> {
    const ranges: string[] = [];
    const reader: RangeReader = {
      size: zip.length,
      read: async (start, end) => {
        ranges.push(`${start}-${end}`);
        return zip.subarray(start, end);
      },
    };
    await readZipDirectory(reader, within);
    return ranges.length;
  }
});

describe("a rejected zip", () => {
  const twice = writeZip([
    { name: "a", content: "1" },
    { name: "a", content: "2" },
  ]);
  const bomb = (): Uint8Array => {
    const zip = patched(small, 24, [0, 0, 0, 0x20]); // declares 512 MiB
    return zip;
  };

  it.each([
    ["when it is none", Buffer.from("<html>not found</html>"), "NotAZip"],
    [
      "when it is another archive",
      Buffer.concat([Buffer.from([0x1f, 0x8b]), Buffer.alloc(200_000)]),
      "NotAZip",
    ],
    ["when it is cut off", fixture("infozip").subarray(0, -30), "ZipTruncated"],
    ["when its begin is cut off", fixture("infozip").subarray(200), "ZipTruncated"],
    ["when it is cut off by one byte", small.subarray(0, -1), "ZipTruncated"],
    ["when it is encrypted", fixture("encrypted"), "ZipEncrypted"],
    ["when it has symbolic links", fixture("symlink"), "ZipSymlink"],
    ["when it is split over disks", patched(small, 4, [1, 0], "PK\x05\x06"), "ZipMultiDisk"],
    ["when it uses another compression", patched(small, 10, [12, 0]), "ZipMethodUnsupported"],
    ["when a name is absolute", named("/etc/passwd"), "ZipSlip"],
    ["when a name climbs out", named("../../etc/passwd"), "ZipSlip"],
    ["when a name climbs out further in", named("a/b/../../../c"), "ZipSlip"],
    ["when a name has a drive letter", named("C:/windows"), "ZipSlip"],
    ["when a name has a backslash", named("..\\..\\windows"), "ZipSlip"],
    ["when a name has a NUL", named("template.yaml\0.png"), "ZipSlip"],
    ["when an entry has no name", named(""), "ZipSlip"],
    ["when two entries have one name", twice, "ZipDuplicateEntry"],
    [
      "when a file is a folder too",
      writeZip([
        { name: "a", content: "" },
        { name: "a/", content: "" },
      ]),
      "ZipDuplicateEntry",
    ],
    ["when it declares far more than it has", bomb(), "ZipBomb"],
    ["when an entry reaches into the next", patched(fixture("python"), 20, [0xff, 0x0f]), "ZipOverlap"],
    ["when its count is wrong", patched(small, 10, [7, 0], "PK\x05\x06"), "ZipMalformed"],
    ["when its records are none", patched(small, 0, [0, 0]), "ZipMalformed"],
    ["when a UTF-8 name is none", patched(small, 46, [0xff]), "ZipMalformed"],
  ])("has or is %s", async (_, zip, code) => {
    expect(await codeOf(() => list(zip))).toBe(code);
  });

  it("has entries that share their bytes", async () => {
    const two = writeZip([
      { name: "a", content: "1" },
      { name: "b", content: "2" },
    ]);
    expect(await codeOf(() => list(patched(two, 42, [0, 0, 0, 0])))).toBe("ZipOverlap");
  });

  it("has too many entries or unpacks to too much", async () => {
    const reader = bytesReader(fixture("infozip"));
    expect(await codeOf(() => readZipDirectory(reader, { ...bounds, entries: 1 }))).toBe("ZipTooManyEntries");
    expect(await codeOf(() => readZipDirectory(reader, { ...bounds, unpackedBytes: 10 }))).toBe("ZipBomb");
  });

  it("ends before its size", async () => {
    const reader = { ...bytesReader(small), size: small.length + 10 };
    expect(await codeOf(() => readZipDirectory(reader, bounds))).toBe("ZipTruncated");
  });

  it("is reported with the name of the entry", async () => {
    const error = await errorOf(() => list(named("../x")));
    expect(error?.message).toBe('The entry "../x" climbs out with `..`.');
  });
});

describe("reading an entry", () => {
  const deflated = (content: Uint8Array, declared: number): Uint8Array => {
    const packed = deflateRawSync(content);
    const size = [declared & 255, (declared >> 8) & 255, (declared >> 16) & 255, declared >>> 24];
    return patched(patched(writeZip([{ name: "a", content: packed }]), 10, [8, 0]), 24, size);
  };

  it("stops inflating at the declared size", async () => {
    const zip = deflated(new Uint8Array(10_000_000), 1000);
    expect(await codeOf(() => contentOf(zip, "a"))).toBe("ZipBomb");
  });

  it("reports content of another size or checksum, and damaged streams", async () => {
    expect(await codeOf(() => contentOf(deflated(Buffer.from("abc"), 5), "a"))).toBe("ZipMalformed");
    expect(await codeOf(() => contentOf(deflated(Buffer.from("abc"), 3), "a"))).toBe("ZipChecksum");
    expect(await codeOf(() => contentOf(patched(small, 10, [8, 0]), "template.yaml"))).toBe("ZipMalformed");
  });

  it("reports a local header that names another file", async () => {
    const zip = patched(small, 30, [0x58], "PK\x03\x04");
    expect(await codeOf(() => contentOf(zip, "template.yaml"))).toBe("ZipMalformed");
  });
});

describe("writing a zip", () => {
  const file: fc.Arbitrary<ZipContent> = fc.record({
    name: fc.stringMatching(/^[a-zä-ü0-9]{1,8}(\/[a-z]{1,8})?$/),
    content: fc.uint8Array({ maxLength: 200 }),
  });
  const files = fc.uniqueArray(file, { selector: ({ name }) => name.split("/")[0] ?? "", maxLength: 6 });

  it("writes what its reader reads", async () => {
    await fc.assert(
      fc.asyncProperty(files, async (some) => {
        const zip = writeZip(some);
        expect((await list(zip)).entries.map(({ name }) => name)).toEqual(some.map(({ name }) => name));
        for (const { name, content } of some) {
          expect(await contentOf(zip, name)).toBe(Buffer.from(content).toString());
        }
      }),
    );
  });

  it("gives equal bytes for equal content", () => {
    expect(writeZip([{ name: "a", content: "1" }])).toEqual(
      writeZip([{ name: "a", content: Buffer.from("1") }]),
    );
  });

  it("survives damage at any byte without an error outside its own codes", async () => {
    const zip = fixture("infozip");
    await fc.assert(
      fc.asyncProperty(fc.nat(zip.length - 1), fc.nat(255), async (at, byte) => {
        const damaged = Buffer.from(zip);
        damaged[at] = byte;
        expect(await codeOf(() => contentOf(damaged, "template.yaml"))).toBeTypeOf("string");
      }),
    );
  });
});
