/**
 * Renders a plan of Terraform for an approver: the counts, then each resource by its address, with the values
 * that change. Sensitive values are not shown.
 */
import { fields, type ResourceChange, type TerraformPlan } from "./terraform-plan.ts";

/** Shorter than the limit of a variable that an action hands on. */
const longestSummary = 800;
const longestValue = 60;

const verbs = [
  ["destroy", "To destroy"],
  ["replace", "To replace"],
  ["change", "To change"],
  ["add", "To add"],
  ["forget", "To leave to others"],
] as const;

/** Changes that may lose data stand first. */
export function terraformSummary({ changes, outputsChange }: TerraformPlan): string {
  const count = (...actions: readonly ResourceChange["action"][]): number =>
    changes.filter(({ action }) => actions.includes(action)).length;
  if (changes.length === 0)
    return outputsChange
      ? "Only outputs change."
      : "No changes. The infrastructure matches the configuration.";
  const counts = `Plan: ${count("add", "replace")} to add, ${count("change")} to change, ${count("destroy", "replace")} to destroy.`;
  const sentences = verbs.flatMap(([action, words]) => {
    const own = changes.filter((each) => each.action === action);
    return own.length === 0 ? [] : [`${words}: ${own.map(described).join(", ")}.`];
  });
  const all = [counts, ...sentences].join(" ");
  return all.length <= longestSummary ? all : `${all.slice(0, longestSummary - 1)}…`;
}

function described(change: ResourceChange): string {
  const address = plain(change.address);
  if (change.action !== "change" && change.action !== "replace") return address;
  const values = changedValues(change);
  return values.length === 0 ? address : `${address} (${values.join("; ")})`;
}

/** The attributes at the top whose values differ; values within them are compared as a whole. */
function changedValues({ before, after, sensitive, unknown }: ResourceChange): readonly string[] {
  const [old, next] = [fields(before), fields(after)];
  const names = [...new Set([...Object.keys(old), ...Object.keys(next), ...Object.keys(fields(unknown))])];
  return names.sort().flatMap((name) => {
    const computed = holdsTrue(fields(unknown)[name]);
    if (!computed && JSON.stringify(old[name]) === JSON.stringify(next[name])) return [];
    // A set or an object may hold a sensitive value within, so the summary hides the whole value.
    if (sensitive.some((flags) => flags === true || holdsTrue(fields(flags)[name])))
      return [`${plain(name)}: sensitive`];
    return [`${plain(name)}: ${shown(old[name])} → ${computed ? "known after apply" : shown(next[name])}`];
  });
}

function holdsTrue(flags: unknown): boolean {
  if (typeof flags !== "object" || flags === null) return flags === true;
  return Object.values(flags).some(holdsTrue);
}

function shown(value: unknown): string {
  const text = plain(JSON.stringify(value ?? null));
  return text.length <= longestValue ? text : `${text.slice(0, longestValue - 1)}…`;
}

/** One line: an address may have a key of any text. */
const plain = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, " ");
