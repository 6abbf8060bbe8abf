/**
 * Limits the size of a review. A browser shows the page and an approver reads it, so a large change set is cut: the
 * grave changes keep their values first. The change set in the account has the whole.
 */
import {
  gravestFirst,
  gravestWidenings,
  type Review,
  type ReviewedFinding,
  type ReviewedStack,
} from "./review.ts";
import type { ResourceChange } from "./stack-change.ts";

const limits = {
  /** Characters of paths and values, over all stacks. */
  values: 200_000,
  /** Resources, over all stacks. */
  changes: 1_000,
  /** Added permissions, over all stacks; the gravest stay. */
  widenings: 300,
  /** Sentences of the summary. */
  summary: 40,
  /** Findings; the gravest verdicts stay. */
  findings: 200,
} as const;

/** Ranks resources and permissions over all stacks, so that a large stack does not push the grave changes of a small one out. */
export function fittedStacks(
  stacks: readonly ReviewedStack[],
  changeSets: Readonly<Record<string, string | undefined>>,
): readonly ReviewedStack[] {
  const ranked = gravestFirst(stacks.flatMap(({ changes }) => changes)).slice(0, limits.changes);
  const left = { values: limits.values };
  const kept = new Map(ranked.map((change) => [change, propertiesWithin(change, left)]));
  const widest = new Set(gravestWidenings(stacks).slice(0, limits.widenings));
  return stacks.map((stack) => {
    const changes = gravestFirst(stack.changes).flatMap((change) => {
      const properties = kept.get(change);
      return properties === undefined ? [] : [{ change, fitted: { ...change, properties } }];
    });
    const widenings = stack.widenings.filter((widening) => widest.has(widening));
    const missing = changes.map(({ change, fitted }) => change.properties.length - fitted.properties.length);
    const cut = cutSentence(
      [
        [stack.changes.length - changes.length, "resources"],
        [missing.reduce((sum, count) => sum + count, 0), "properties"],
        [stack.widenings.length - widenings.length, "added permissions"],
      ],
      changeSets[stack.name],
    );
    return {
      ...stack,
      changes: changes.map(({ fitted }) => fitted),
      widenings,
      ...(cut !== undefined && { cut }),
    };
  });
}

const verdicts = ["refuse", "warn", "show"];

/** Keeps the findings with the gravest verdicts and counts those beyond the limit. */
export function fittedFindings(
  findings: readonly ReviewedFinding[],
): Pick<Review, "findings" | "findingsLeftOut"> {
  const ranked = findings.toSorted((a, b) => verdicts.indexOf(a.verdict) - verdicts.indexOf(b.verdict));
  const over = findings.length - limits.findings;
  return { findings: ranked.slice(0, limits.findings), ...(over > 0 && { findingsLeftOut: over }) };
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
        `${sentences.length - limits.summary} more sentences are left out. The lists below have them, or the numbers of those that do not fit.`,
      ];
