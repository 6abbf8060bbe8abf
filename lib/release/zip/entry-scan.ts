/**
 * Follows an artifact's bytes as they go by, once, in constant memory: tells the digest of the whole and, of the
 * entries asked for, the digest of their content and where their data begins. Refuses entries that are not as declared.
 */
import { createHash, type Hash } from "node:crypto"; // pure functions of their input, hence allowed in the core
import { crc32, createInflateRaw, type InflateRaw } from "node:zlib";
import { ReleaseError } from "#release/errors/errors.ts";
import { counted } from "#release/names/counted.ts";
import { dataOffset, localHeaderLength, type ZipEntry } from "./zip-entry.ts";

type ScannedEntry = {
  readonly sha256: string;
  /** The offset of the entry's (compressed) data in the artifact. */
  readonly dataStart: number;
};

export type Scan = {
  readonly sha256: string;
  readonly bytes: number;
  /** By entry name. */
  readonly entries: ReadonlyMap<string, ScannedEntry>;
};

type Chunks = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/** Gets the data of the wanted entries, compressed as it is, in the artifact's order. */
export type DataReader = (entry: ZipEntry, data: Uint8Array) => void;

/** `content` is the whole artifact, in order. */
export async function scanArtifact(
  content: Chunks,
  wanted: readonly ZipEntry[],
  onData: DataReader = () => undefined,
): Promise<Scan> {
  const whole = createHash("sha256");
  const due = [...wanted].sort((a, b) => a.offset - b.offset);
  const entries = new Map<string, ScannedEntry>();
  let bytes = 0;
  let follower: Follower | undefined;
  for await (const chunk of content) {
    whole.update(chunk);
    let at = 0;
    while (at < chunk.length) {
      const entry: ZipEntry | undefined = follower?.entry ?? due[0];
      if (entry === undefined) break;
      if (follower === undefined) {
        at = Math.max(at, entry.offset - bytes);
        if (at >= chunk.length) break;
        follower = new Follower(entry, onData);
        due.shift();
      }
      at += await follower.take(chunk.subarray(at));
      if (!follower.complete) continue;
      entries.set(entry.name, await follower.end());
      follower = undefined;
    }
    bytes += chunk.length;
  }
  const cut = follower?.entry ?? due[0];
  if (cut !== undefined) {
    const seen = `The artifact ends after ${bytes} bytes, before the end of ${JSON.stringify(cut.name)}.`;
    throw new ReleaseError("ZipTruncated", seen);
  }
  return { sha256: whole.digest("hex"), bytes, entries };
}

/** One entry while its bytes go by: first its header, then its data. */
class Follower {
  readonly entry: ZipEntry;
  complete = false;
  readonly #content: Content;
  readonly #onData: DataReader;
  #header = new Uint8Array(0);
  #dataOffset: number | undefined;
  #left: number;

  constructor(entry: ZipEntry, onData: DataReader) {
    this.entry = entry;
    this.#onData = onData;
    this.#left = entry.compressedSize;
    this.#content = entry.method === "store" ? new Content(entry) : new Inflated(entry);
  }

  /** Returns the number of bytes that belong to this entry. */
  async take(bytes: Uint8Array): Promise<number> {
    if (this.#dataOffset === undefined) return this.#takeHeader(bytes);
    const data = bytes.subarray(0, this.#left);
    this.#left -= data.length;
    this.#onData(this.entry, data);
    await this.#content.add(data);
    this.complete = this.#left === 0;
    return data.length;
  }

  #takeHeader(bytes: Uint8Array): number {
    const before = this.#header.length;
    const fixed = localHeaderLength + this.entry.rawName.length;
    const wanted = before < fixed ? fixed : dataOffset(this.entry, this.#header);
    this.#header = Buffer.concat([this.#header, bytes.subarray(0, wanted - before)]);
    if (this.#header.length >= fixed) {
      const offset = dataOffset(this.entry, this.#header);
      if (this.#header.length >= offset) this.#dataOffset = offset;
    }
    this.complete = this.#dataOffset !== undefined && this.#left === 0;
    return this.#header.length - before;
  }

  async end(): Promise<ScannedEntry> {
    return {
      sha256: await this.#content.end(),
      dataStart: this.entry.offset + (this.#dataOffset ?? 0),
    };
  }
}

/** Compares an entry's unpacked content with the directory's declaration. */
class Content {
  readonly entry: ZipEntry;
  readonly #hash: Hash = createHash("sha256");
  #size = 0;
  #crc = 0;

  constructor(entry: ZipEntry) {
    this.entry = entry;
  }

  async add(bytes: Uint8Array): Promise<void> {
    this.count(bytes);
  }

  count(bytes: Uint8Array): void {
    this.#size += bytes.length;
    if (this.#size > this.entry.size) {
      const seen = `${JSON.stringify(this.entry.name)} unpacks to more than the ${counted(this.entry.size, "byte")} it declares.`;
      throw new ReleaseError("ZipBomb", seen);
    }
    this.#crc = crc32(bytes, this.#crc);
    this.#hash.update(bytes);
  }

  async end(): Promise<string> {
    const shown = JSON.stringify(this.entry.name);
    if (this.#size !== this.entry.size) {
      const seen = `${shown} unpacks to ${counted(this.#size, "byte")}; the directory says ${this.entry.size}.`;
      throw new ReleaseError("ZipMalformed", seen);
    }
    if (this.#crc !== this.entry.crc32) {
      throw new ReleaseError("ZipChecksum", `The content of ${shown} does not match its CRC-32.`);
    }
    return this.#hash.digest("hex");
  }
}

class Inflated extends Content {
  readonly #inflate: InflateRaw = createInflateRaw();
  readonly #ended: Promise<void>;

  constructor(entry: ZipEntry) {
    super(entry);
    this.#ended = new Promise((resolve, reject) => {
      this.#inflate.on("data", (bytes: Uint8Array) => {
        try {
          this.count(bytes);
        } catch (error) {
          this.#inflate.destroy(error as Error);
        }
      });
      this.#inflate.on("end", resolve);
      this.#inflate.on("error", (error) => reject(damaged(entry, error)));
    });
    this.#ended.catch(() => undefined); // the next write or end reports the error
  }

  override async add(bytes: Uint8Array): Promise<void> {
    const written = new Promise<void>((resolve) => this.#inflate.write(bytes, () => resolve()));
    await Promise.race([written, this.#ended]);
    if (this.#inflate.destroyed) await this.#ended;
  }

  override async end(): Promise<string> {
    this.#inflate.end();
    await this.#ended;
    return super.end();
  }
}

const damaged = (entry: ZipEntry, error: Error): Error =>
  error instanceof ReleaseError
    ? error
    : new ReleaseError(
        "ZipMalformed",
        `${JSON.stringify(entry.name)} cannot be unpacked: its deflate stream is damaged.`,
        error,
      );
