/** Renders the input of a target: the event, a part of it, a constant, or a filled template. */
import type { Target } from "@aws-sdk/client-eventbridge";
import type { BusEvent, Rule } from "./state.ts";

export function renderInput(target: Target, rule: Rule, event: BusEvent, now: Date): string {
  if (target.Input !== undefined) return target.Input;
  if (target.InputPath !== undefined) return JSON.stringify(readPath(event, target.InputPath) ?? null);
  if (target.InputTransformer === undefined) return JSON.stringify(event);
  const { InputPathsMap = {}, InputTemplate = "" } = target.InputTransformer;
  const values = new Map<string, unknown>(
    Object.entries(InputPathsMap).map(([name, path]) => [name, readPath(event, path)]),
  );
  values.set("aws.events.rule-arn", rule.arn);
  values.set("aws.events.rule-name", rule.name);
  values.set("aws.events.event.ingestion-time", now.toISOString());
  values.set("aws.events.event.json", event);
  const { detail, ...withoutDetail } = event;
  values.set("aws.events.event", { ...withoutDetail, detail });
  return fill(InputTemplate, values);
}

/** Fills a template. A value inside a JSON string becomes text; elsewhere it becomes JSON. */
function fill(template: string, values: ReadonlyMap<string, unknown>): string {
  let quoted = false;
  let output = "";
  for (let at = 0; at < template.length; at += 1) {
    const char = template[at] ?? "";
    if (quoted && char === "\\") {
      output += char + (template[at + 1] ?? "");
      at += 1;
      continue;
    }
    if (char === '"') quoted = !quoted;
    const name = char === "<" ? /^<([\w.-]+)>/.exec(template.slice(at))?.[1] : undefined;
    if (name === undefined || !values.has(name)) {
      output += char;
      continue;
    }
    output += show(values.get(name), quoted);
    at += name.length + 1;
  }
  return output;
}

function show(value: unknown, quoted: boolean): string {
  if (value === undefined) return quoted ? "" : '""';
  if (!quoted) return JSON.stringify(value);
  return typeof value === "string"
    ? JSON.stringify(value).slice(1, -1)
    : JSON.stringify(value).replaceAll('"', '\\"');
}

/** Reads a path such as `$`, `$.detail.key`, `$.resources[0]` or `$.detail['a key']`. */
function readPath(event: unknown, path: string): unknown {
  let value = event;
  for (const match of path.slice(1).matchAll(/\.([\w-]+)|\[(\d+)\]|\['([^']+)'\]|\["([^"]+)"\]/g)) {
    const key = match[1] ?? match[2] ?? match[3] ?? match[4] ?? "";
    if (typeof value !== "object" || value === null) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return value;
}
