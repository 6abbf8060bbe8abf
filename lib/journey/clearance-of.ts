/** Computes the clearance of an environment from the documents of Prepare and the change sets in the account. */
import { compareTexts } from "#release/names/compare-texts.ts";
import { sha256Hex } from "#release/names/digest.ts";
import type { Release } from "#release/plan/release.ts";
import { parseRelease } from "#release/plan/release-document.ts";
import {
  type Clearance,
  type ClearedNested,
  type ClearedStack,
  digestOf,
} from "#release/review/clearance.ts";
import { documents } from "./documents.ts";
import type { WorkerJob } from "./job.ts";
import type { CheckedChangeSet, NestedTemplate } from "./nested-templates.ts";
import { type PreparedStack, preparedStacks } from "./prepared-stacks.ts";
import { type Documents, documentIn } from "./small-zip.ts";

/** The change set of a stack, as its clearance names it. A stack of a later level has none. */
type ClearedChangeSet = Pick<ClearedStack, "changeSet" | "unchanged" | "nested">;

export const clearedChangeSet = ({ id, status, below }: CheckedChangeSet): ClearedChangeSet => ({
  changeSet: id,
  ...(status === "unchanged" && { unchanged: true }),
  ...(below.length > 0 && { nested: below.map(clearedNested) }),
});

/** A team may write a nested template in YAML, so its digest is that of its text. */
export const clearedNested = ({ path, set, template }: NestedTemplate): ClearedNested => ({
  path,
  changeSet: set.id,
  template: sha256Hex(template),
  configuration: digestOf({ parameters: set.parameters, resolved: set.resolved }),
});

/** `changeSets` are listed by the name of their stack. */
export function clearanceOf(
  job: Omit<WorkerJob, "parameters">,
  prepared: Documents,
  changeSets: ReadonlyMap<string, ClearedChangeSet>,
): Clearance {
  const release: Release = parseRelease(documentIn(prepared, documents.release));
  return {
    schema: 1,
    line: release.line,
    environment: job.environment,
    account: job.account,
    region: job.region,
    execution: job.execution,
    artifact: {
      versionId: release.artifact.versionId,
      sha256: documentIn(prepared, documents.digest),
    },
    template: release.template,
    policy: prepared.has(documents.policy) ? documentIn(prepared, documents.policy) : "unknown",
    documents: digestOf([...prepared].map(([name, content]) => [name, sha256Hex(content)]).sort(byName)),
    stacks: preparedStacks(prepared, job).map((stack) => clearedStack(stack, changeSets.get(stack.name))),
  };
}

const byName = ([a = ""]: readonly string[], [b = ""]: readonly string[]): number => compareTexts(a, b);

const clearedStack = (
  { name, level, template, parameters, tags }: PreparedStack,
  { changeSet, unchanged, nested }: ClearedChangeSet = {},
): ClearedStack => ({
  name,
  level,
  template: templateDigest(template),
  configuration: digestOf({ parameters, tags }),
  ...(unchanged && { unchanged }),
  ...(changeSet !== undefined && { changeSet }),
  ...(nested && { nested }),
});

/** CloudFormation may write a template differently, so its digest is that of its content. */
export const templateDigest = (json: string): string => digestOf(JSON.parse(json));
