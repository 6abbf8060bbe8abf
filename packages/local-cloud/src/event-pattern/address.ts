/** Converts IP addresses to numbers. */
import { isIP } from "node:net";

export function parseAddress(text: string): { readonly version: 4 | 6; readonly value: bigint } | undefined {
  const version = isIP(text);
  if (version === 4)
    return { version, value: text.split(".").reduce((sum, part) => sum * 256n + BigInt(part), 0n) };
  if (version !== 6) return undefined;
  const [head = "", tail] = text.split("::");
  const groups = (part: string): string[] => (part === "" ? [] : part.split(":"));
  const left = groups(head);
  const right = tail === undefined ? [] : groups(tail);
  const middle = Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => "0");
  const all = tail === undefined ? left : [...left, ...middle, ...right];
  return { version, value: all.reduce((sum, group) => sum * 65_536n + BigInt(`0x${group}`), 0n) };
}
