/** Selects lines by anchor, anchor tags, app, branch, or a percentage of all lines. */

import {
  described,
  integer,
  listOf,
  mapOf,
  object,
  optional,
  type ShapeOf,
  text,
} from "#release/document/shape.ts";
import { sha256 } from "#release/names/digest.ts";
import type { Line } from "#release/names/key.ts";
import { lineName } from "#release/names/names.ts";
import { fitsPatterns } from "#release/names/patterns.ts";

const patterns = listOf(text("a name or a pattern", /^\S(.*\S)?$/), 1);

/** All given criteria have to match. A selector without criteria matches every line. */
export const selectorShape = object({
  anchors: optional(described("Names of anchors, or patterns of them.", patterns)),
  tags: optional(described("Tags an anchor has to have.", mapOf(/\S/, "a tag's name", text()))),
  apps: optional(described("Names of apps, or patterns of them.", patterns)),
  branches: optional(described("Branches, or patterns of them.", patterns)),
  percent: optional(
    described("The first so many percent of all lines, in an order that never changes.", integer(1, 100)),
  ),
});

export type LineSelector = ShapeOf<typeof selectorShape>;

/** The part of an anchor that a selector reads. */
type Selectable = { readonly name: string; readonly tags: Readonly<Record<string, string>> };

export function selects(selector: LineSelector, line: Line, anchor: Selectable): boolean {
  const { anchors, tags = {}, apps, branches, percent = 100 } = selector;
  return (
    fits(anchor.name, anchors) &&
    Object.entries(tags).every(([name, value]) => anchor.tags[name] === value) &&
    fits(line.app, apps) &&
    fits(line.branch, branches) &&
    percentile(line) < percent
  );
}

const fits = (value: string, wanted: readonly string[] | undefined): boolean =>
  wanted === undefined || fitsPatterns(value, wanted);

/** From 0 to 99, the same for a line for ever. */
function percentile(line: Line): number {
  const [high = 0, low = 0] = sha256(`percentile ${lineName(line)}`);
  return (high * 256 + low) % 100;
}
