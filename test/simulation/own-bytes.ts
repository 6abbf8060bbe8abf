/**
 * Gives each byte array in a row a buffer of its own. A row that was read from a file holds views of the whole
 * file, and `structuredClone` copies the whole buffer below a view.
 */
import type { Rows } from "./memory.ts";

export const withOwnBytes = (rows: Rows): Rows =>
  new Map([...rows].map(([path, table]) => [path, new Map([...table].map(([key, row]) => [key, own(row)]))]));

function own(value: unknown): unknown {
  if (value instanceof Uint8Array) return Uint8Array.from(value);
  if (Array.isArray(value)) return value.map(own);
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype)
    return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, own(member)]));
}
