/**
 * Writes the review of a gated environment: after its change sets are made, and before the approval. The
 * approval names the digest of the clearance that the review shows.
 */
import type { ChangeSets } from "#ports/change-sets.ts";
import type { Clock } from "#ports/clock.ts";
import type { Reviews } from "#ports/reviews.ts";
import { ReleaseError } from "#release/errors/errors.ts";
import { reviewKey } from "#release/names/names.ts";
import { clearanceVariables } from "#release/plan/gate.ts";
import { clearanceDigest } from "#release/review/clearance.ts";
import { withHiddenValues } from "#release/review/hidden-values.ts";
import {
  type Review,
  type ReviewedFinding,
  type ReviewedStack,
  summaryLine,
  summaryOf,
} from "#release/review/review.ts";
import { reviewPage } from "#release/review/review-page.ts";
import { fittedFindings, fittedSentences, fittedStacks } from "#release/review/review-size.ts";
import { clearanceOf, clearedChangeSet } from "./clearance-of.ts";
import { documents } from "./documents.ts";
import { fixedSettingsIn } from "./fix-settings.ts";
import type { ComparedStack, Gate } from "./gate-document.ts";
import type { EnvironmentJob } from "./job.ts";
import type { CheckedChangeSet } from "./nested-templates.ts";
import { type PreparedStack, preparedStacks } from "./prepared-stacks.ts";
import { reviewedNested } from "./review-nested.ts";
import { type Documents, documentIn } from "./small-zip.ts";

export type ReviewDeps = {
  /** For nested stacks. */
  readonly changeSets: Pick<ChangeSets, "deployed">;
  readonly reviews: Reviews;
  readonly clock: Clock;
};

type ReviewRequest = {
  readonly job: EnvironmentJob;
  readonly prepared: Documents;
  readonly changeSets: ReadonlyMap<string, CheckedChangeSet>;
  readonly gate: Gate;
};

/** Returns the variables that the approval shows and that the execution compares. */
export async function reviewEnvironment(
  deps: ReviewDeps,
  request: ReviewRequest,
): Promise<Readonly<Record<string, string>>> {
  const review = await reviewOf(deps, request);
  const { digest, clearance, summary } = review;
  const key = reviewKey({
    ...{ account: clearance.line.account, stack: request.job.stack, digest },
    versionId: clearance.artifact.versionId,
  });
  await deps.reviews.write(`${key}.json`, `${JSON.stringify(review, null, 2)}\n`, "application/json");
  await deps.reviews.write(`${key}.html`, reviewPage(review), "text/html; charset=utf-8");
  return {
    [clearanceVariables.digest]: digest,
    [clearanceVariables.changes]: summaryLine(summary),
    [clearanceVariables.review]: key,
    [clearanceVariables.link]: linkTo(deps.reviews.bucket, `${key}.html`),
  };
}

async function reviewOf(
  deps: ReviewDeps,
  { job, prepared, changeSets, gate }: ReviewRequest,
): Promise<Review> {
  const cleared = new Map([...changeSets].map(([name, changeSet]) => [name, clearedChangeSet(changeSet)]));
  const clearance = clearanceOf(job, prepared, cleared);
  const stacks = await Promise.all(
    preparedStacks(prepared, job).map(async (stack) => {
      const changeSet = changeSets.get(stack.name);
      const nested = await reviewedNested(deps.changeSets, job, changeSet?.below ?? []);
      return reviewedStack(stack, comparedStack(gate.stacks, stack.name), changeSet, nested);
    }),
  );
  // A release without stacks changes a resource that exists, so it always has a version before.
  const first = stacks.length > 0 && gate.stacks.every(({ exists }) => !exists);
  const findings = findingsIn(prepared);
  const settings = fixedSettingsIn(prepared).map(({ name }) => name);
  const { back, origin, releases } = gate;
  const ids = Object.fromEntries([...changeSets].map(([name, { id }]) => [name, id]));
  return {
    ...{ schema: 1, digest: clearanceDigest(clearance), clearance, at: deps.clock() },
    stacks: fittedStacks(stacks, ids),
    ...fittedFindings(findings),
    summary: fittedSentences(summaryOf(stacks, findings)),
    ...(!first && { back }),
    ...(settings.length > 0 && { settings }),
    ...(origin && { origin }),
    ...(releases.length > 0 && { releases }),
  };
}

/** A release that an earlier version of Kedge packaged has none. */
const findingsIn = (prepared: Documents): readonly ReviewedFinding[] =>
  prepared.has(documents.findings)
    ? (JSON.parse(documentIn(prepared, documents.findings)) as readonly ReviewedFinding[]).map(
        ({ rule, verdict, resource, sentence }) => ({ rule, verdict, resource, sentence }),
      )
    : [];

const linkTo = (bucket: string, key: string): string =>
  `https://s3.console.aws.amazon.com/s3/object/${bucket}?prefix=${encodeURIComponent(key)}`;

function reviewedStack(
  { name, level }: PreparedStack,
  { exists, widenings }: ComparedStack,
  changeSet: CheckedChangeSet | undefined,
  nested: Pick<ReviewedStack, "changes" | "widenings">,
): ReviewedStack {
  return {
    name,
    level,
    state: stateOf(changeSet, exists),
    changes: [...(changeSet?.changes ?? []), ...nested.changes].map(withHiddenValues),
    widenings: [...widenings, ...nested.widenings],
  };
}

function comparedStack(stacks: readonly ComparedStack[], name: string): ComparedStack {
  const found = stacks.find((stack) => stack.name === name);
  if (found !== undefined) return found;
  throw new ReleaseError("ReleaseDocumentMalformed", `${documents.gate} does not have the stack ${name}.`);
}

function stateOf(changeSet: CheckedChangeSet | undefined, exists: boolean): ReviewedStack["state"] {
  if (changeSet === undefined) return "later";
  if (changeSet.status === "unchanged") return "unchanged";
  return exists ? "changed" : "new";
}
