/** Reads the requested byte range or part of an object. */
import { AwsError } from "#cloud/kernel/aws-error.ts";
import { invalidRequest } from "./errors.ts";
import type { Content } from "./state.ts";

export type Range = {
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
  /** True for a 206 response, even if the range covers the whole object. */
  readonly partial: boolean;
  readonly part?: number;
};

export function rangeOf(
  input: { readonly Range?: string | undefined; readonly PartNumber?: number | undefined },
  content: Content,
): Range {
  const { size } = content;
  if (input.PartNumber !== undefined) {
    if (input.Range !== undefined)
      throw invalidRequest("Cannot specify both Range header and partNumber query parameter");
    return partRange(input.PartNumber, content);
  }
  const asked = /^bytes=(\d*)-(\d*)$/.exec(input.Range?.trim() ?? "");
  // A header that is not a single valid range is ignored. (RFC 9110, section 14.2)
  if (asked === null || (asked[1] === "" && asked[2] === "")) return { start: 0, end: size, partial: false };
  const [from, to] = [asked[1] ?? "", asked[2] ?? ""];
  if (from !== "" && to !== "" && Number(to) < Number(from)) return { start: 0, end: size, partial: false };
  const start = from === "" ? Math.max(size - Number(to), 0) : Number(from);
  const end = from === "" || to === "" ? size : Math.min(Number(to) + 1, size);
  if (start >= end)
    throw new AwsError("InvalidRange", "The requested range is not satisfiable", 416, {
      RangeRequested: input.Range,
      ActualObjectSize: size,
      headers: { "content-range": `bytes */${size}` },
    });
  return { start, end, partial: true };
}

function partRange(number: number, { parts, size }: Content): Range {
  const at = parts === undefined ? number - 1 : parts.findIndex((part) => part.number === number);
  const part = parts === undefined && number === 1 ? { size } : parts?.[at];
  if (part === undefined)
    throw new AwsError("InvalidPartNumber", "The requested partnumber is not satisfiable", 416, {
      PartNumberRequested: number,
      ActualPartCount: parts?.length ?? 1,
    });
  const start = (parts ?? []).slice(0, at).reduce((sum, before) => sum + before.size, 0);
  return { start, end: start + part.size, partial: part.size > 0, part: number };
}

export const contentRange = (
  { start, end, partial }: Range,
  size: number,
): { readonly ContentRange?: string } =>
  partial ? { ContentRange: `bytes ${start}-${end - 1}/${size}` } : {};
