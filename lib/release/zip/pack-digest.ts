/**
 * Computes the SHA-256 of packed folders while the artifact is scanned. So the digest is known before the first
 * byte of a folder is written, and the artifact is read once for all digests.
 */
import { createHash, type Hash } from "node:crypto"; // a pure function of its input, hence allowed in the core
import type { DataReader } from "./entry-scan.ts";
import type { ZipEntry } from "./zip-entry.ts";
import type { Layout } from "./zip-repack.ts";

/** A layout with the digest of its bytes. */
export type Pack = { readonly layout: Layout; readonly sha256: string };

type PackDigests = {
  readonly onData: DataReader;
  /** The packs by their id, once the artifact is scanned. */
  readonly end: () => ReadonlyMap<string, Pack>;
};

export function packDigests(layouts: ReadonlyMap<string, Layout>): PackDigests {
  const running = [...layouts].map(([id, layout]) => ({ id, layout, digest: new PackDigest(layout) }));
  const byEntry = new Map<ZipEntry, PackDigest[]>();
  for (const { layout, digest } of running) {
    for (const piece of layout.pieces) {
      if (piece.type === "entry") byEntry.set(piece.entry, [...(byEntry.get(piece.entry) ?? []), digest]);
    }
  }
  return {
    onData: (entry, data) => {
      for (const digest of byEntry.get(entry) ?? []) digest.add(data);
    },
    end: () => new Map(running.map(({ id, layout, digest }) => [id, { layout, sha256: digest.end() }])),
  };
}

/** The data of a pack's entries arrives in the order of its pieces, because both follow the artifact. */
class PackDigest {
  readonly #hash: Hash = createHash("sha256");
  readonly #pieces: Layout["pieces"];
  #at = 0;
  /** The bytes of the current entry that have arrived. */
  #arrived = 0;

  constructor({ pieces }: Layout) {
    this.#pieces = pieces;
  }

  add(data: Uint8Array): void {
    if (data.length === 0) return;
    const piece = this.#entryPiece();
    if (piece === undefined) throw new TypeError("A packed folder got data after its last entry.");
    this.#hash.update(data);
    this.#arrived += data.length;
    if (this.#arrived < piece.entry.compressedSize) return;
    this.#at += 1;
    this.#arrived = 0;
  }

  end(): string {
    const missing = this.#entryPiece();
    if (missing !== undefined) throw new TypeError(`The data of ${missing.entry.name} did not arrive.`);
    return this.#hash.digest("hex");
  }

  /** Adds the bytes before the next entry, and returns that entry. */
  #entryPiece() {
    for (; ; this.#at += 1) {
      const piece = this.#pieces[this.#at];
      if (piece === undefined || piece.type === "entry") return piece;
      this.#hash.update(piece.bytes);
    }
  }
}
