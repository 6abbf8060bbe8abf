/**
 * Reads and appends the journal's records: a length, a checksum and a serialized value. A record that a
 * kill cut short ends the journal. Damage before the end is an error, because the records after it were
 * acknowledged.
 */
import { ftruncateSync, readSync, writeSync } from "node:fs";
import { deserialize, serialize } from "node:v8";
import { crc32 } from "node:zlib";

const HEADER = 8;
const CHUNK = 1 << 20;

/**
 * Appends a value and returns how many bytes it took. A write that the disk rejects leaves no half record.
 */
export function appendRecord(file: number, at: number, value: unknown): number {
  const record = encodeRecord(value);
  try {
    for (let done = 0; done < record.length; ) {
      done += writeSync(file, record, done, record.length - done, at + done);
    }
  } catch (error) {
    ftruncateSync(file, at);
    throw error;
  }
  return record.length;
}

function encodeRecord(value: unknown): Buffer {
  const payload = serialize(value);
  const record = Buffer.allocUnsafe(HEADER + payload.length);
  record.writeUInt32LE(payload.length, 0);
  record.writeUInt32LE(crc32(payload), 4);
  payload.copy(record, HEADER);
  return record;
}

/** Calls `take` with every value in order. Returns where the last complete record ends. */
export function readRecords(file: number, size: number, take: (value: unknown) => void): number {
  const header = Buffer.alloc(HEADER);
  let window: Buffer = Buffer.alloc(0);
  let windowAt = 0;
  const bytes = (at: number, length: number): Buffer => {
    if (at < windowAt || at + length > windowAt + window.length) {
      const next = Buffer.allocUnsafe(Math.min(Math.max(length, CHUNK), size - at));
      let read = 0;
      while (read < next.length) {
        const count = readSync(file, next, read, next.length - read, at + read);
        if (count === 0) break;
        read += count;
      }
      window = next.subarray(0, read);
      windowAt = at;
    }
    return window.subarray(at - windowAt, at - windowAt + length);
  };
  let at = 0;
  while (at + HEADER <= size) {
    bytes(at, HEADER).copy(header);
    const length = header.readUInt32LE(0);
    const end = at + HEADER + length;
    if (end > size) break;
    // The payload is copied, because values may keep views of the bytes they are read from.
    const payload = Buffer.from(bytes(at + HEADER, length));
    // A machine that lost power may leave zeros at the end, which would pass as an empty record.
    if (length === 0 || crc32(payload) !== header.readUInt32LE(4)) {
      if (end === size || restIsZero(at)) break;
      throw new DamagedJournal(at);
    }
    take(deserialize(payload));
    at = end;
  }
  return at;

  function restIsZero(from: number): boolean {
    for (let position = from; position < size; position += CHUNK) {
      if (bytes(position, Math.min(CHUNK, size - position)).some((byte) => byte !== 0)) return false;
    }
    return true;
  }
}

class DamagedJournal extends Error {
  override name = "DamagedJournal";
  constructor(at: number) {
    super(
      `The journal is damaged at byte ${at}, with records after it. Restore the data directory from a copy, or delete it to start empty.`,
    );
  }
}
