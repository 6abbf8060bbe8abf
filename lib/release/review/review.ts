/** An approver reads a review before the decision. A review is written once and never changed. */
import { counted } from "#release/names/counted.ts";
import type { Origin } from "#release/people/origin.ts";
import type { Clearance } from "./clearance.ts";
import { holdsData } from "./data-types.ts";
import type { ReviewedRelease } from "./reviewed-release.ts";
import type { ResourceChange } from "./stack-change.ts";
import type { Widening } from "./widening.ts";

export type ReviewedStack = {
  readonly name: string;
  readonly level: number;
  /** `later`: the change set follows after the approval, when the stacks before it exist. */
  readonly state: "new" | "changed" | "unchanged" | "later";
  readonly changes: readonly ResourceChange[];
  readonly widenings: readonly Widening[];
  /** A sentence that says which parts are left out because of the size, and where the whole is. */
  readonly cut?: string;
};

/** A finding of a rule about the templates, such as a public bucket that the estate only warns about. */
export type ReviewedFinding = {
  readonly rule: string;
  readonly verdict: string;
  readonly resource: string;
  readonly sentence: string;
};

export type WayBack = { readonly within: string; readonly by: string };

export type Review = {
  readonly schema: 1;
  /** The digest of the clearance, which a decision names. */
  readonly digest: string;
  readonly clearance: Clearance;
  readonly stacks: readonly ReviewedStack[];
  readonly findings: readonly ReviewedFinding[];
  /** The number of findings that do not fit. Absent: the list is whole. */
  readonly findingsLeftOut?: number;
  /** Parameters of the parameter store with the versions that the stacks read. */
  readonly settings?: readonly string[];
  /** One sentence with the counts, and one for each change that deserves a second look. */
  readonly summary: readonly string[];
  /**
   * Way and time back to the version before, as the release template says. Absent: the environment has no stack of the
   * line, so there is no version before.
   */
  readonly back?: WayBack;
  /** The uploader and the source of the version. Absent: not recorded before the review. */
  readonly origin?: Origin;
  /** The last releases of the environment, the newest first. */
  readonly releases?: readonly ReviewedRelease[];
  /** ISO 8601. */
  readonly at: string;
};

/** Sorts grave changes before other changes. */
export const gravestFirst = (changes: readonly ResourceChange[]): readonly ResourceChange[] =>
  changes.toSorted((a, b) => Number(isGrave(b)) - Number(isGrave(a)));

/** The added permissions of all stacks, the gravest first. A review of an earlier version has no severities. */
export const gravestWidenings = (stacks: readonly ReviewedStack[]): readonly Widening[] =>
  stacks.flatMap(({ widenings }) => widenings).toSorted((a, b) => (a.severity ?? 9) - (b.severity ?? 9));

/** A change that loses or may lose data, or that interrupts: the approver reads it first. */
export function isGrave({ action, replacement, type, policy }: ResourceChange): boolean {
  const goes = action === "Remove" || replacement === "True" || replacement === "Conditional";
  return goes && holdsData(type) && !policy?.includes("Retain");
}

export function summaryOf(
  stacks: readonly ReviewedStack[],
  findings: readonly ReviewedFinding[],
): readonly string[] {
  const changes = stacks.flatMap((stack) => stack.changes);
  const later = stacks.filter(({ state }) => state === "later").length;
  return [
    countsOf(changes),
    ...(later === 0
      ? []
      : [
          `${counted(later, "more stack follows", "more stacks follow")}; a change set needs the stacks before it.`,
        ]),
    ...changes.filter(isGrave).map((change) => `${sentenceOf(change)} It holds data.`),
    ...findings.map(({ sentence }) => sentence),
    ...changes.filter((change) => isReplaced(change) && !isGrave(change)).map(sentenceOf),
    ...gravestWidenings(stacks).map(({ logicalId, type, sentence }) => `${logicalId} (${type}) ${sentence}.`),
  ];
}

const isReplaced = ({ replacement }: ResourceChange): boolean =>
  replacement === "True" || replacement === "Conditional";

function countsOf(changes: readonly ResourceChange[]): string {
  if (changes.length === 0) return "No resource changes.";
  const count = (match: (change: ResourceChange) => boolean): number => changes.filter(match).length;
  const counts = [
    [count(({ action }) => action === "Add" || action === "Import"), "added"],
    [count((change) => change.action === "Modify" && !isReplaced(change)), "changed"],
    [count(isReplaced), "replaced"],
    [count(({ action }) => action === "Remove"), "removed"],
    [count(({ action }) => action === "Dynamic"), "not known before the update"],
  ] as const;
  return `${counts.flatMap(([number, word]) => (number === 0 ? [] : [`${number} ${word}`])).join(", ")}.`;
}

function sentenceOf({ logicalId, type, action, replacement, policy }: ResourceChange): string {
  const may = replacement === "Conditional" ? "may be" : "is";
  const verb = action === "Remove" ? "is removed" : `${may} replaced`;
  const kept = policy?.includes("Retain") ? " The old resource is kept." : "";
  return `${logicalId} (${type}) ${verb}.${kept}`;
}

const longestLine = 420;

/** For the approval's text: as many sentences as fit, and the number of the sentences that are left out. */
export function summaryLine(summary: readonly string[]): string {
  let line = "";
  for (const [at, sentence] of summary.entries()) {
    if (line.length + sentence.length > longestLine)
      return `${line} … ${summary.length - at} more in the review.`.trim();
    line = `${line} ${sentence}`.trim();
  }
  return line;
}
