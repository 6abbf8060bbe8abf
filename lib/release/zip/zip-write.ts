/** Writes small zips whose bytes depend on nothing but their content: no clock, no compression level, fixed modes. */
import { crc32 } from "node:zlib"; // a pure function of its input, hence allowed in the core

export type ZipContent = { readonly name: string; readonly content: string | Uint8Array };

const version = 20;
const utf8 = 0x0800;
const dosDate = 0x0021; // 1980-01-01, the first day zip knows
const fileMode = (0o100644 << 16) >>> 0;
const unixHost = 3 << 8;

/** Stored, not compressed, and in the given order; for documents of kilobytes. */
export function writeZip(files: readonly ZipContent[]): Uint8Array {
  const encoder = new TextEncoder();
  const bodies: Uint8Array[] = [];
  const records: Uint8Array[] = [];
  let offset = 0;
  for (const file of files) {
    const name = encoder.encode(file.name);
    const content = typeof file.content === "string" ? encoder.encode(file.content) : file.content;
    const common = [u16(utf8), u16(0), u16(0), u16(dosDate), u32(crc32(content)), u32(content.length)];
    const shared = [...common, u32(content.length), u16(name.length), u16(0)];
    const body = join([u32(0x04034b50), u16(version), ...shared, name, content]);
    const rest = [u16(0), u16(0), u16(0), u32(fileMode), u32(offset), name];
    records.push(join([u32(0x02014b50), u16(unixHost | version), u16(version), ...shared, ...rest]));
    bodies.push(body);
    offset += body.length;
  }
  const directory = join(records);
  const count = u16(files.length);
  const end = [u32(0x06054b50), u16(0), u16(0), count, count, u32(directory.length), u32(offset), u16(0)];
  return join([...bodies, directory, ...end]);
}

const u16 = (value: number): Uint8Array => Uint8Array.of(value, value >> 8);
const u32 = (value: number): Uint8Array => Uint8Array.of(value, value >> 8, value >> 16, value >> 24);

function join(chunks: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const chunk of chunks) {
    joined.set(chunk, at);
    at += chunk.length;
  }
  return joined;
}
