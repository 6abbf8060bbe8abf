/** Draws the orphans that a collection has found. */
import type { CollectedOrphan } from "#release/line/orphans.ts";

export function showOrphans(orphans: readonly CollectedOrphan[], fix: boolean): string {
  if (orphans.length === 0) return "Everything belongs to a line.";
  const lines = orphans.map(({ kind, name, environment, why, removable, removed }) => {
    const where = environment === undefined ? "" : ` in ${environment}`;
    const what = removed ? "removed" : removable ? "orphan" : "look at";
    return `  ${what.padEnd(8)} ${kind.padEnd(18)} ${name}${where}\n           ${why}`;
  });
  const left = orphans.filter(({ removed }) => !removed);
  const hint = !fix && left.some(({ removable }) => removable) ? "\nRemove them with: kedge sweep --fix" : "";
  return `${lines.join("\n")}\n${orphans.length} found, ${left.length} left.${hint}`;
}
