/** The name of a zip entry: its encoding, and whether it stays inside the folder it would be unpacked to. */
import { crc32 } from "node:zlib"; // a pure function of its input, hence allowed in the core
import { ReleaseError } from "#release/errors/errors.ts";

const upperHalf =
  "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0";

type NameSource = {
  readonly raw: Uint8Array;
  /** General purpose bit 11. */
  readonly utf8: boolean;
  /** Written by a tool of DOS or Windows, whose older ones write backslashes between folders. */
  readonly windows: boolean;
  /** Info-ZIP's Unicode path extra field (0x7075), when there is one. */
  readonly unicodePath?: Uint8Array;
};

/** The name with forward slashes. Throws `ZipSlip` when it would leave the archive's folder. */
export function entryName(source: NameSource): string {
  const decoded = decode(source);
  const name = source.windows ? decoded.replaceAll("\\", "/") : decoded;
  const fault = faultOf(name);
  if (fault !== undefined) {
    throw new ReleaseError("ZipSlip", `The entry ${JSON.stringify(decoded)} ${fault}.`);
  }
  return name;
}

function faultOf(name: string): string | undefined {
  if (name === "") return "has no name";
  if (name.includes("\0")) return "has a NUL in its name";
  if (name.startsWith("/")) return "has an absolute name";
  if (/^[a-z]:/i.test(name)) return "begins with a drive letter";
  if (name.includes("\\")) return "has a backslash in its name";
  if (name.split("/").includes("..")) return "climbs out with `..`";
  return undefined;
}

function decode({ raw, utf8, unicodePath }: NameSource): string {
  if (unicodePath !== undefined) {
    const view = new DataView(unicodePath.buffer, unicodePath.byteOffset, unicodePath.byteLength);
    // The field counts only while it still belongs to this name: it carries the name's checksum.
    if (unicodePath.length > 5 && view.getUint32(1, true) === crc32(raw))
      return text(unicodePath.subarray(5));
  }
  if (utf8) return text(raw);
  // Without the flag a name should be CP437, but macOS and other systems write UTF-8 and do not set the flag.
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(raw);
  } catch {
    return Array.from(raw, (byte) =>
      byte < 128 ? String.fromCharCode(byte) : (upperHalf[byte - 128] ?? ""),
    ).join("");
  }
}

function text(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    throw new ReleaseError("ZipMalformed", "An entry's name claims to be UTF-8 and is not.", error);
  }
}
