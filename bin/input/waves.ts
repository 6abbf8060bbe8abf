/** Reads waves from the command line: `percent=5`, `anchor=bank`, `tag.tier=pilot,app=shop`. */
import { CommandError } from "#bin/show/outcome.ts";
import type { LineSelector } from "#release/estate/line-selector.ts";
import type { Wave } from "#release/template/template-index.ts";

/** A last wave with all other lines is added, unless the last wave selects all. */
export function readWaves(written: readonly string[]): readonly Wave[] {
  const waves = written.map((text): Wave => ({ name: text, lines: readSelector(text) }));
  const last = waves.at(-1)?.lines;
  const all =
    last !== undefined && Object.entries(last).every(([key, value]) => key === "percent" && value === 100);
  return all ? waves : [...waves, { name: waves.length === 0 ? "all lines" : "the rest", lines: {} }];
}

function readSelector(text: string): LineSelector {
  const found: {
    anchors: string[];
    apps: string[];
    branches: string[];
    tags: Record<string, string>;
    percent?: number;
  } = { anchors: [], apps: [], branches: [], tags: {} };
  for (const condition of text.split(",")) {
    const [, key = "", value = ""] = /^([^=]+)=(.+)$/.exec(condition.trim()) ?? [];
    if (key === "percent" && /^([1-9]\d?|100)$/.test(value)) found.percent = Number(value);
    else if (key === "anchor") found.anchors.push(value);
    else if (key === "app") found.apps.push(value);
    else if (key === "branch") found.branches.push(value);
    else if (key.startsWith("tag.")) found.tags[key.slice(4)] = value;
    else {
      throw new CommandError(
        `The wave ${JSON.stringify(text)} cannot be read at ${JSON.stringify(condition)}; write percent=1…100, anchor=…, tag.<name>=…, app=… or branch=…, joined by commas.`,
      );
    }
  }
  const { anchors, apps, branches, tags, percent } = found;
  return {
    ...(anchors.length > 0 && { anchors }),
    ...(apps.length > 0 && { apps }),
    ...(branches.length > 0 && { branches }),
    ...(Object.keys(tags).length > 0 && { tags }),
    ...(percent !== undefined && { percent }),
  };
}
