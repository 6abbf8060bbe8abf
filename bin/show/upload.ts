/** Shows an upload to a person: its content and its progress. */
import type { Packed } from "#bin/input/pack.ts";
import { counted } from "#release/names/counted.ts";

export function uploadSentence({ bytes, entries }: Packed, bucket: string, key: string): string {
  const packed = entries > 0 ? `packed ${counted(entries, "file")}, ` : "";
  return `${packed}uploading ${size(bytes)} to s3://${bucket}/${key}`;
}

/** Redrawn in place on standard error, which `end` leaves empty; undefined off a terminal. */
export function uploadProgress(
  all: number,
): { readonly show: (sent: number) => void; readonly end: () => void } | undefined {
  if (!process.stderr.isTTY) return undefined;
  return {
    show: (sent) => void process.stderr.write(`\r${size(sent)} of ${size(all)}\u001b[K`),
    end: () => void process.stderr.write("\r\u001b[K"),
  };
}

function size(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1024 * 1024 ? `${(bytes / 1024).toFixed(1)} KiB` : `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}
