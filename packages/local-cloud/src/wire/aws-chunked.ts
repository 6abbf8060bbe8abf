/**
 * Decodes bodies in `aws-chunked` framing, which the SDK uses for streams: it removes the frames and keeps
 * the trailers. It verifies the headers' signature only, not the chunk signatures.
 */
import { Transform, type TransformCallback } from "node:stream";
import { AwsError } from "#cloud/kernel/aws-error.ts";

const MAX_LINE = 16_384;

/** A decoded body. `trailers` (lower-case names) are complete when the stream has ended. */
export class AwsChunkedBody extends Transform {
  readonly trailers: Record<string, string> = {};
  #line = "";
  #left = 0;
  #state: "size" | "data" | "data-end" | "trailer" | "done" = "size";

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    try {
      this.#read(chunk);
      done();
    } catch (error) {
      done(error as Error);
    }
  }

  override _flush(done: TransformCallback): void {
    done(
      this.#state === "done" || this.#state === "trailer"
        ? null
        : new AwsError("IncompleteBody", "The request body terminated unexpectedly"),
    );
  }

  #read(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length && this.#state !== "done") {
      if (this.#state === "data") {
        const end = Math.min(at + this.#left, chunk.length);
        this.push(chunk.subarray(at, end));
        this.#left -= end - at;
        at = end;
        if (this.#left === 0) this.#state = "data-end";
        continue;
      }
      const newline = chunk.indexOf(0x0a, at);
      const end = newline < 0 ? chunk.length : newline;
      this.#line += chunk.toString("latin1", at, end);
      if (this.#line.length > MAX_LINE)
        throw new AwsError("InvalidRequest", "A line of the aws-chunked framing is too long.");
      at = end + 1;
      if (newline < 0) return;
      const line = this.#line.replace(/\r$/, "");
      this.#line = "";
      this.#take(line);
    }
  }

  #take(line: string): void {
    if (this.#state === "data-end") this.#state = "size";
    else if (this.#state === "size") {
      const size = Number.parseInt(line.split(";")[0] ?? "", 16);
      if (!/^[0-9a-fA-F]+(;|$)/.test(line))
        throw new AwsError("InvalidRequest", "The aws-chunked framing of the body is malformed.");
      this.#left = size;
      this.#state = size === 0 ? "trailer" : "data";
    } else if (line === "") this.#state = "done";
    else {
      const colon = line.indexOf(":");
      this.trailers[line.slice(0, colon).trim().toLowerCase()] = line.slice(colon + 1).trim();
    }
  }
}
