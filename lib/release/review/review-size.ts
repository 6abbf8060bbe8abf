/**
 * Limits the size of a review. A browser shows the page and an approver reads it, so a large change set is cut: the
 * grave changes keep their values first. The change set in the account has the whole.
 */
import { isGrave, type ReviewedStack } from "./review.ts";
import type { ResourceChange } from "./stack-change.ts";

export const limits = {
  /** Characters of paths and values, over all stacks. */
  values: 200_000,
  /** Resources, over all stacks. */
  changes: 1_000,
  /** Added permissions, over all stacks; the gravest stay. */
  widenings: 300,
  /** Sentences of the summary. */
  summary: 40,
  findings: 200,
} as const;

export function fittedStacks(
  stacks: readonly ReviewedStack[],
  changeSets: Readonly<Record<string, string | undefined>>,
): readonly ReviewedStack[] {
  const left = { values: limits.values, changes: limits.changes, widenings: limits.widenings };
  return stacks.map((stack) => {
    const sorted = stack.changes.toSorted((a, b) => Number(isGrave(b)) - Number(isGrave(a)));
    const kept = sorted.slice(0, left.changes);
    left.changes -= kept.length;
    let values = 0;
    const changes = kept.map((change) => {
      const properties = propertiesWithin(change, left);
      values += change.properties.length - properties.length;
      return { ...change, properties };
    });
    const widenings = stack.widenings.slice(0, left.widenings);
    left.widenings -= widenings.length;
    const cut = cutSentence(
      [
        [sorted.length - kept.length, "resources"],
        [values, "properties"],
        [stack.widenings.length - widenings.length, "added permissions"],
      ],
      changeSets[stack.name],
    );
    return { ...stack, changes, widenings, ...(cut !== undefined && { cut }) };
  });
}

function propertiesWithin(
  { properties }: ResourceChange,
  left: { values: number },
): ResourceChange["properties"] {
  const kept: ResourceChange["properties"][number][] = [];
  for (const property of properties) {
    const size = property.path.length + (property.before?.length ?? 0) + (property.after?.length ?? 0);
    if (size > left.values) continue;
    left.values -= size;
    kept.push(property);
  }
  return kept;
}

function cutSentence(
  counts: readonly (readonly [number, string])[],
  changeSet: string | undefined,
): string | undefined {
  const missing = counts.flatMap(([count, word]) => (count === 0 ? [] : [`${count} ${word}`]));
  if (missing.length === 0) return undefined;
  const where =
    changeSet === undefined
      ? "The template of the release has them."
      : `The change set in the account has them: ${changeSet}`;
  return `The review is too large and leaves out ${missing.join(", ")}. ${where}`;
}

/** The first sentences, and the number of the sentences that are left out. */
export const fittedSentences = (sentences: readonly string[]): readonly string[] =>
  sentences.length <= limits.summary
    ? sentences
    : [
        ...sentences.slice(0, limits.summary),
        `${sentences.length - limits.summary} more sentences are left out; the lists below have the changes.`,
      ];
