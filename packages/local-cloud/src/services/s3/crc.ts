/**
 * Computes S3's cyclic redundancy checks (CRCs) by chunk and joins them without the bytes. CRC32 uses zlib;
 * CRC32C and CRC64NVME use tables for eight bytes at a time.
 */
import { crc32 } from "node:zlib";

export type Crc = {
  readonly update: (chunk: Uint8Array) => void;
  /** Big-endian, as S3 writes it. */
  readonly digest: () => Buffer;
};

export function createCrc32(): Crc {
  let value = 0;
  return {
    update: (chunk) => {
      value = crc32(chunk, value);
    },
    digest: () => {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32BE(value >>> 0);
      return bytes;
    },
  };
}

/** The polynomials, bit-reversed. */
const CRC32 = 0xedb88320n;
const CRC32C = 0x82f63b78n;
const CRC64NVME = 0x9a6c9329ac4bc9b5n;

type Tables = { readonly low: readonly Int32Array[]; readonly high: readonly Int32Array[] };

/** `table[k][b]` is the contribution of byte b after k more bytes. */
function tablesOf(polynomial: bigint): Tables {
  const low = Array.from({ length: 8 }, () => new Int32Array(256));
  const high = Array.from({ length: 8 }, () => new Int32Array(256));
  const first: bigint[] = [];
  for (let byte = 0; byte < 256; byte += 1) {
    let value = BigInt(byte);
    for (let bit = 0; bit < 8; bit += 1) value = value & 1n ? (value >> 1n) ^ polynomial : value >> 1n;
    first.push(value);
  }
  for (let byte = 0; byte < 256; byte += 1) {
    let value = first[byte] ?? 0n;
    for (let shift = 0; shift < 8; shift += 1) {
      (low[shift] as Int32Array)[byte] = Number(BigInt.asIntN(32, value));
      (high[shift] as Int32Array)[byte] = Number(BigInt.asIntN(32, value >> 32n));
      value = (value >> 8n) ^ (first[Number(value & 0xffn)] ?? 0n);
    }
  }
  return { low, high };
}

const tables32c = tablesOf(CRC32C);
const tables64 = tablesOf(CRC64NVME);

export function createCrc32c(): Crc {
  const [t0, t1, t2, t3, t4, t5, t6, t7] = tables32c.low as unknown as Eight;
  let crc = -1;
  return {
    update: (chunk) => {
      let at = 0;
      const whole = chunk.length - (chunk.length % 8);
      for (; at < whole; at += 8) {
        const x = crc ^ word(chunk, at);
        crc =
          at_(t7, x) ^
          at_(t6, x >>> 8) ^
          at_(t5, x >>> 16) ^
          at_(t4, x >>> 24) ^
          at_(t3, byteOf(chunk, at + 4)) ^
          at_(t2, byteOf(chunk, at + 5)) ^
          at_(t1, byteOf(chunk, at + 6)) ^
          at_(t0, byteOf(chunk, at + 7));
      }
      for (; at < chunk.length; at += 1) crc = (crc >>> 8) ^ at_(t0, crc ^ byteOf(chunk, at));
    },
    digest: () => {
      const bytes = Buffer.alloc(4);
      bytes.writeInt32BE(~crc);
      return bytes;
    },
  };
}

export function createCrc64(): Crc {
  const [l0, l1, l2, l3, l4, l5, l6, l7] = tables64.low as unknown as Eight;
  const [h0, h1, h2, h3, h4, h5, h6, h7] = tables64.high as unknown as Eight;
  let low = -1;
  let high = -1;
  return {
    update: (chunk) => {
      let at = 0;
      const whole = chunk.length - (chunk.length % 8);
      for (; at < whole; at += 8) {
        const x = low ^ word(chunk, at);
        const y = high ^ word(chunk, at + 4);
        const [a, b, c, d] = [x & 255, (x >>> 8) & 255, (x >>> 16) & 255, x >>> 24];
        const [e, f, g, h] = [y & 255, (y >>> 8) & 255, (y >>> 16) & 255, y >>> 24];
        low =
          at_(l7, a) ^
          at_(l6, b) ^
          at_(l5, c) ^
          at_(l4, d) ^
          at_(l3, e) ^
          at_(l2, f) ^
          at_(l1, g) ^
          at_(l0, h);
        high =
          at_(h7, a) ^
          at_(h6, b) ^
          at_(h5, c) ^
          at_(h4, d) ^
          at_(h3, e) ^
          at_(h2, f) ^
          at_(h1, g) ^
          at_(h0, h);
      }
      for (; at < chunk.length; at += 1) {
        const index = low ^ byteOf(chunk, at);
        low = ((low >>> 8) | (high << 24)) ^ at_(l0, index);
        high = (high >>> 8) ^ at_(h0, index);
      }
    },
    digest: () => {
      const bytes = Buffer.alloc(8);
      bytes.writeInt32BE(~high, 0);
      bytes.writeInt32BE(~low, 4);
      return bytes;
    },
  };
}

type Eight = [Int32Array, Int32Array, Int32Array, Int32Array, Int32Array, Int32Array, Int32Array, Int32Array];
const at_ = (table: Int32Array, index: number): number => table[index & 255] as number;
const byteOf = (chunk: Uint8Array, at: number): number => chunk[at] as number;
const word = (chunk: Uint8Array, at: number): number =>
  byteOf(chunk, at) |
  (byteOf(chunk, at + 1) << 8) |
  (byteOf(chunk, at + 2) << 16) |
  (byteOf(chunk, at + 3) << 24);

/** Returns the CRC of all parts in sequence from the CRCs and lengths of the parts. */
export function joinCrcs(
  algorithm: "CRC32" | "CRC32C" | "CRC64NVME",
  parts: readonly { readonly digest: Buffer; readonly size: number }[],
): Buffer {
  const polynomial = { CRC32, CRC32C, CRC64NVME }[algorithm];
  const width = algorithm === "CRC64NVME" ? 64 : 32;
  const shifts = new Map<number, bigint>();
  let joined = 0n;
  for (const { digest, size } of parts) {
    // Most parts have the same length, and the power of x for a length is expensive to compute.
    const shift = shifts.get(size) ?? powerOfX(size * 8, polynomial, width);
    shifts.set(size, shift);
    joined = multiply(joined, shift, polynomial, width) ^ BigInt(`0x${digest.toString("hex")}`);
  }
  return Buffer.from(joined.toString(16).padStart(width / 4, "0"), "hex");
}

/** Returns the product modulo the polynomial. The highest bit is the coefficient of x^0. */
function multiply(a: bigint, b: bigint, polynomial: bigint, width: number): bigint {
  let product = 0n;
  let factor = b;
  for (let bit = BigInt(width - 1); bit >= 0n; bit -= 1n) {
    if ((a >> bit) & 1n) product ^= factor;
    factor = factor & 1n ? (factor >> 1n) ^ polynomial : factor >> 1n;
  }
  return product;
}

function powerOfX(exponent: number, polynomial: bigint, width: number): bigint {
  let result = 1n << BigInt(width - 1);
  let square = 1n << BigInt(width - 2);
  for (let left = exponent; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) result = multiply(result, square, polynomial, width);
    square = multiply(square, square, polynomial, width);
  }
  return result;
}
