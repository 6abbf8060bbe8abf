/** Odd and hostile zips. Kedge reads zips that some tool writes, and rejects zips that no tool writes. */
import { deflateRawSync } from "node:zlib";
import { fixture } from "#test/release/zip/zip-fixtures.ts";
import { all64, type RawEntry, rawZip, u16, zip64Records } from "#test/support/raw-zip.ts";
import { lawful, marker, noZip, type Outcome, type Row, readToItsEnd, rejected, template } from "./row.ts";

const row = (what: string, bytes: Row["bytes"], becomes: Outcome): Row => ({ what, bytes, becomes });
const withEntry = (...entries: readonly RawEntry[]): Uint8Array => rawZip([lawful, marker, ...entries]);
const named = (name: string | Uint8Array): Uint8Array => withEntry({ name, content: "x" });

const whole = rawZip([lawful, marker]);
/** Finds the last record with this signature in `whole`. */
const at = (signature: string): number => Buffer.from(whole).lastIndexOf(signature, undefined, "latin1");
const cut = (end: number): Uint8Array => whole.subarray(0, end);
const zeros = Buffer.alloc(3 * 1024 ** 2);
const many = (count: number): Uint8Array =>
  rawZip(
    [lawful, marker, ...Array.from({ length: count }, (_, index): RawEntry => ({ name: `n/${index}` }))],
    {
      beforeEnd: zip64Records(),
      end: all64,
    },
  );

export const zips: readonly Row[] = [
  row(
    "a zip with a comment as long as it may be",
    rawZip([lawful, marker], { comment: "c".repeat(65_535) }),
    readToItsEnd,
  ),
  row(
    "a comment that is an end record",
    rawZip([lawful, marker], { comment: rawZip([]) }),
    rejected("NoTemplateFits"),
  ),
  row(
    "a zip after a megabyte of other bytes",
    rawZip([lawful, marker], { prefix: Buffer.alloc(1_000_000, "#!/bin/sh\n") }),
    readToItsEnd,
  ),
  row("sizes after the data", rawZip([{ ...lawful, descriptor: true, deflate: true }, marker]), readToItsEnd),
  row(
    "zip64 records that are not needed",
    rawZip([lawful, marker], { beforeEnd: zip64Records(), end: all64 }),
    readToItsEnd,
  ),
  row(
    "names in Unicode, composed and not",
    withEntry({ name: "caf\u00e9" }, { name: "cafe\u0301" }, { name: "👩🏽‍🚀" }),
    readToItsEnd,
  ),
  row("names that differ in case only", withEntry({ name: "A" }, { name: "a" }), readToItsEnd),
  row(
    "names that Windows reserves",
    withEntry({ name: "CON" }, { name: "aux.txt" }, { name: "end. " }),
    readToItsEnd,
  ),
  row(
    "names of JavaScript's own properties",
    withEntry({ name: "__proto__" }, { name: "constructor/prototype" }),
    readToItsEnd,
  ),
  row("a name of 4000 characters", named("d/".repeat(2000).concat("f")), readToItsEnd),
  row(
    "an extra field that is cut off",
    withEntry({ name: "x", central: { extra: Buffer.concat([u16(1), u16(60)]) } }),
    readToItsEnd,
  ),
  row("an empty entry", withEntry({ name: "empty" }), readToItsEnd),
  row("a template packed by deflate", rawZip([{ ...lawful, deflate: true }, marker]), readToItsEnd),
  row("70000 entries", () => many(70_000), readToItsEnd),
  row("100001 entries", () => many(100_001), rejected("ZipTooManyEntries")),
  row("an empty zip", rawZip([]), rejected("NoTemplateFits")),
  row("a page of HTML", Buffer.from("<html>404</html>"), rejected("NotAZip")),
  row("a gzip", Buffer.concat([Buffer.from([0x1f, 0x8b, 8, 0]), Buffer.alloc(100)]), rejected("NotAZip")),
  row(
    "the beginning of a zip, and then zeros",
    Buffer.concat([whole.subarray(0, 40), Buffer.alloc(200_000)]),
    rejected("ZipTruncated"),
  ),
  row("a zip with bytes behind it", rawZip([lawful, marker], { after: noZip }), rejected("ZipTruncated")),
  row(
    "a comment shorter than it says",
    rawZip([lawful, marker], { end: { commentLength: 9 } }),
    rejected("ZipTruncated"),
  ),
  row("cut off in the end record", cut(whole.length - 1), rejected("ZipTruncated")),
  row("cut off before the end record", cut(at("PK\x05\x06")), rejected("ZipTruncated")),
  row("cut off in the directory", cut(at("PK\x01\x02") + 20), rejected("ZipTruncated")),
  row(
    "cut off before the directory",
    cut(Buffer.from(whole).indexOf("PK\x01\x02", 0, "latin1")),
    rejected("ZipTruncated"),
  ),
  row("cut off in an entry", cut(35), rejected("ZipTruncated")),
  row("cut off at its beginning", whole.subarray(50), rejected("ZipTruncated")),
  row(
    "a zip without a piece of its middle",
    Buffer.concat([whole.subarray(0, 60), whole.subarray(90)]),
    rejected("ZipTruncated"),
  ),
  row(
    "a count that is too low",
    rawZip([lawful, marker], { end: { entries: 1, here: 1 } }),
    rejected("ZipMalformed"),
  ),
  row(
    "a count that is too high",
    rawZip([lawful, marker], { end: { entries: 9, here: 9 } }),
    rejected("ZipMalformed"),
  ),
  row(
    "a directory that begins elsewhere",
    rawZip([lawful, marker], { end: { offset: 0xfffffff } }),
    rejected("ZipTruncated"),
  ),
  row(
    "a directory larger than the file",
    rawZip([lawful, marker], { end: { size: 0xfffffff } }),
    rejected("ZipTruncated"),
  ),
  row(
    "an absurd size in zip64",
    rawZip([lawful, marker], { beforeEnd: zip64Records({ size: 2n ** 63n }), end: all64 }),
    rejected("ZipMalformed"),
  ),
  row(
    "an absurd count in zip64",
    rawZip([lawful, marker], { beforeEnd: zip64Records({ entries: 2n ** 52n }), end: all64 }),
    rejected("ZipTooManyEntries"),
  ),
  row(
    "the first of several disks",
    rawZip([lawful, marker], { end: { disk: 1, startDisk: 1 } }),
    rejected("ZipMultiDisk"),
  ),
  row("an encrypted zip", fixture("encrypted"), rejected("ZipEncrypted")),
  row(
    "a flag of strong encryption",
    withEntry({ name: "x", central: { flags: 0x0841 } }),
    rejected("ZipEncrypted"),
  ),
  row("a symbolic link", fixture("symlink"), rejected("ZipSymlink")),
  row(
    "a symbolic link out of the archive",
    withEntry({ name: "x", content: "/etc/passwd", central: { mode: 0o120777 } }),
    rejected("ZipSymlink"),
  ),
  row(
    "an unsupported compression method",
    withEntry({ name: "x", central: { method: 12 }, local: { method: 12 } }),
    rejected("ZipMethodUnsupported"),
  ),
  row("an absolute name", named("/etc/passwd"), rejected("ZipSlip")),
  row("a name that climbs out", named("../../etc/passwd"), rejected("ZipSlip")),
  row("a name that climbs out after a folder", named("a/b/../../../c"), rejected("ZipSlip")),
  row("a name with a drive", named("C:\\windows\\system.ini"), rejected("ZipSlip")),
  row("a name with a NUL", named("template.yaml\0.png"), rejected("ZipSlip")),
  row("a name of nothing", named(""), rejected("ZipSlip")),
  row("a Unicode name with invalid bytes", named(Buffer.from([0x61, 0xff, 0xfe])), rejected("ZipMalformed")),
  row(
    "two entries of one name",
    withEntry({ name: "a", content: "1" }, { name: "a", content: "2" }),
    rejected("ZipDuplicateEntry"),
  ),
  row("two templates of one name", rawZip([lawful, marker, lawful]), rejected("ZipDuplicateEntry")),
  row(
    "a file that is a folder too",
    withEntry({ name: "a", content: "1" }, { name: "a/", content: "" }),
    rejected("ZipDuplicateEntry"),
  ),
  row(
    "entries that share their bytes",
    withEntry(
      { name: "a", content: "1" },
      { name: "b", content: "1", listedOnly: true, central: { offset: 0 } },
    ),
    rejected("ZipOverlap"),
  ),
  row(
    "an entry that contains all others",
    rawZip([{ name: "all", packed: whole, central: { compressedSize: 10_000 } }, lawful]),
    rejected("ZipOverlap"),
  ),
  row(
    "a zip bomb with its true size in the directory",
    withEntry({ name: "b", content: zeros, deflate: true, central: { size: 0xfffffff0 } }),
    rejected("ZipBomb"),
  ),
  row(
    "a zip bomb of many entries with their true sizes",
    () =>
      rawZip(
        Array.from({ length: 60 }, (_, index) => ({
          name: `${index}`,
          packed: deflateRawSync(zeros),
          central: { method: 8, size: 1024 ** 3 },
        })),
      ),
    rejected("ZipBomb"),
  ),
  row(
    "a template that unpacks to more than it says",
    rawZip([{ name: "template.json", content: zeros, deflate: true, central: { size: 100 } }]),
    rejected("ZipBomb"),
  ),
  row(
    "a template with a false checksum",
    rawZip([{ ...lawful, central: { crc: 1 } }]),
    rejected("ZipChecksum"),
  ),
  row(
    "a template smaller than it says",
    rawZip([{ ...lawful, deflate: true, central: { size: template.length + 5 } }]),
    rejected("ZipMalformed"),
  ),
  row(
    "a template whose deflate stream is noise",
    rawZip([{ name: "template.json", packed: Buffer.alloc(50, 0xa7), central: { method: 8 } }]),
    rejected("ZipMalformed"),
  ),
  row(
    "a directory and a local header with different names",
    rawZip([{ ...lawful, local: { name: "template.yaml" } }]),
    rejected("ZipMalformed"),
  ),
];
