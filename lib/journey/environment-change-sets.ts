/** Makes the change sets of an environment's stacks, and reads them back. */
import type { Assets } from "#ports/assets.ts";
import type { ChangeSets } from "#ports/change-sets.ts";
import type { Capability } from "#release/artifact/manifest.ts";
import { isObject, readTemplate } from "#release/document/template-document.ts";
import { ReleaseError } from "#release/errors/errors.ts";
import { changeSetName } from "#release/names/names.ts";
import { broken } from "#release/review/clearance.ts";
import type { ChangeSet } from "#release/review/stack-change.ts";
import { fitsInACall } from "#release/stack/template-body.ts";
import { templateDigest } from "./clearance-of.ts";
import type { EnvironmentJob } from "./job.ts";
import { type CheckedChangeSet, nestedTemplates } from "./nested-templates.ts";
import { hasNestedStacks, mayQuoteSecrets } from "./prepared-secrets.ts";
import type { PreparedStack } from "./prepared-stacks.ts";
import { storeTemplate } from "./store-template.ts";

type Job = Pick<EnvironmentJob, "account" | "region" | "execution" | "environment">;

export type CreateDeps = {
  readonly changeSets: Pick<ChangeSets, "create">;
  readonly assets: Assets;
};

type Making = {
  readonly capabilities: readonly Capability[];
  /** The stacks that exist, by name. */
  readonly existing: ReadonlySet<string>;
};

export const createChangeSets = async (
  { changeSets, assets }: CreateDeps,
  job: Job,
  stacks: readonly PreparedStack[],
  { capabilities, existing }: Making,
): Promise<void> => {
  const name = changeSetName(job.execution);
  await Promise.all(
    stacks.map(async ({ name: stack, template: text, parameters, tags }) => {
      const nested = hasNestedStacks(text);
      const template = fitsInACall(text)
        ? { body: text }
        : { url: await storeTemplate(assets, job.region, text) };
      const exists = existing.has(stack);
      await changeSets.create(job, { stack, name, exists, template, nested, parameters, tags, capabilities });
    }),
  );
};

/**
 * Returns the change sets by the name of their stack; undefined while CloudFormation still computes a change
 * set. Throws `DeploymentFailed` for a change set that CloudFormation refuses, and `ClearanceBroken` for a change
 * set with another template.
 */
export async function readChangeSets(
  changeSets: Pick<ChangeSets, "describe" | "template">,
  job: Job,
  stacks: readonly PreparedStack[],
): Promise<ReadonlyMap<string, CheckedChangeSet> | undefined> {
  const name = changeSetName(job.execution);
  const found = await Promise.all(
    stacks.map(
      async (stack): Promise<[PreparedStack, ChangeSet | undefined]> => [
        stack,
        await changeSets.describe(job, stack.name, name),
      ],
    ),
  );
  if (found.some(([, changeSet]) => changeSet?.status === "pending")) return undefined;
  const checked = found.map(
    async ([stack, set]): Promise<[string, CheckedChangeSet]> => [
      stack.name,
      await checkedChangeSet(changeSets, job, stack, set),
    ],
  );
  return new Map(await Promise.all(checked));
}

const withheld = "The release may use secrets, so CloudFormation's reason stays in the change set.";

/**
 * The change set that was described, when it is this release's; throws as `readChangeSets` does. `compared` is the ARN
 * of a change set whose template was compared before the approval. An ARN names one change set for ever, so its
 * template is not read again.
 */
export async function checkedChangeSet(
  changeSets: Pick<ChangeSets, "template">,
  job: Job,
  { name, template, parameters }: PreparedStack,
  changeSet: ChangeSet | undefined,
  compared?: string,
): Promise<CheckedChangeSet> {
  const where = `${name} in account ${job.account}`;
  if (changeSet === undefined) {
    throw broken(`The change set ${changeSetName(job.execution)} of the stack ${where} is gone.`);
  }
  if (changeSet.status === "failed") {
    const reason = mayQuoteSecrets(template)
      ? withheld
      : (changeSet.reason ?? "CloudFormation gave no reason.");
    throw new ReleaseError("DeploymentFailed", `The change set of the stack ${where} failed: ${reason}`);
  }
  if (changeSet.status === "ready" || changeSet.status === "executed") {
    if (changeSet.id !== compared) {
      const kept = await changeSets.template(job, changeSet.id, name);
      if (kept === undefined) throw broken(`The change set ${changeSet.id} is gone.`);
      if (templateDigest(kept) !== templateDigest(template))
        throw broken(`The change set ${changeSet.id} has another template than this release.`);
    }
    const other = otherParameter(template, parameters, changeSet.parameters);
    if (other !== undefined) {
      throw broken(
        `The change set ${changeSet.id} has another value of the parameter ${other} than this release.`,
      );
    }
  }
  return { ...changeSet, below: await nestedTemplates(changeSets, job, changeSet) };
}

/**
 * The first parameter whose value in the change set is not the release's or the template's default. CloudFormation
 * masks the values of NoEcho parameters (DescribeChangeSet), so these cannot be compared.
 */
function otherParameter(
  template: string,
  given: Readonly<Record<string, string>>,
  found: Readonly<Record<string, string>>,
): string | undefined {
  const declared = readTemplate(template, "the template")["Parameters"];
  return Object.entries(found).find(([name, value]) => {
    const parameter = isObject(declared) ? declared[name] : undefined;
    if (!isObject(parameter) || String(parameter["NoEcho"]) === "true") return false;
    const expected = given[name] ?? parameter["Default"];
    return expected !== undefined && expected !== null && String(expected) !== value;
  })?.[0];
}
