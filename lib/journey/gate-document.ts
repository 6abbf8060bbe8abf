/**
 * The facts that Prepare finds out before it makes the change sets of a gated environment, and needs after that: they
 * are in a document of its output, so that its second invocation reads them in one call. The clearance binds the document.
 */
import { valueTree } from "#release/document/node-tree.ts";
import { object, readShape, text } from "#release/document/shape.ts";
import { readTemplate } from "#release/document/template-document.ts";
import { ReleaseError } from "#release/errors/errors.ts";
import type { Origin } from "#release/people/origin.ts";
import type { WayBack } from "#release/review/review.ts";
import type { ReviewedRelease } from "#release/review/reviewed-release.ts";
import { type Widening, wideningsIn } from "#release/review/widening.ts";
import { documents } from "./documents.ts";
import type { EnvironmentJob } from "./job.ts";
import { preparedStacks } from "./prepared-stacks.ts";
import { type Documents, documentIn } from "./small-zip.ts";

/** The template of a stack is read before the change set is made of it. */
export type ComparedStack = {
  readonly name: string;
  readonly exists: boolean;
  readonly widenings: readonly Widening[];
};

export type Gate = {
  readonly back: WayBack;
  /** The variables of the configuration. */
  readonly variables: Readonly<Record<string, string>>;
  readonly stacks: readonly ComparedStack[];
  readonly origin?: Origin;
  /** The last releases of the environment. */
  readonly releases: readonly ReviewedRelease[];
};

export const gateDocument = (gate: Gate): string => JSON.stringify(gate);

const backShape = object({ within: text(), by: text() });

export function gateIn(prepared: Documents): Gate {
  const gate = JSON.parse(documentIn(prepared, documents.gate)) as Gate;
  const read = readShape(backShape, valueTree(gate.back));
  if ("value" in read) return { ...gate, back: read.value };
  throw new ReleaseError("ReleaseDocumentMalformed", `${documents.gate} is not whole.`);
}

/** `deployed` has the templates of the stacks that exist, by name. */
export const comparedStacks = (
  job: EnvironmentJob,
  written: Documents,
  deployed: ReadonlyMap<string, string>,
): readonly ComparedStack[] =>
  preparedStacks(written, job).map(({ name, template, parameters: values }) => {
    const before = deployed.get(name);
    const { account, region } = job;
    return {
      name,
      exists: before !== undefined,
      widenings: wideningsIn(
        before === undefined ? undefined : readTemplate(before, name),
        readTemplate(template, name),
        { account, region, values },
      ),
    };
  });
