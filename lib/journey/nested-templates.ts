/**
 * Reads the templates in the change sets of nested stacks. These change sets are executed with the change set of
 * their root, so the clearance binds them and the review shows them.
 */
import type { ChangeSets } from "#ports/change-sets.ts";
import type { AccountInRegion } from "#ports/target.ts";
import { broken } from "#release/review/clearance.ts";
import type { ChangeSet } from "#release/review/stack-change.ts";

/** `path` has the logical ids of the nested stacks from the outside in, such as `Inner/Deeper`. */
export type NestedTemplate = {
  readonly path: string;
  readonly set: ChangeSet;
  readonly template: string;
  /** The ARN of the stack, if it is there already. */
  readonly stack?: string;
};

/** A change set that is this release's, with all change sets below it. */
export type CheckedChangeSet = ChangeSet & { readonly below: readonly NestedTemplate[] };

export async function nestedTemplates(
  changeSets: Pick<ChangeSets, "template">,
  target: AccountInRegion,
  parent: ChangeSet,
  above = "",
): Promise<readonly NestedTemplate[]> {
  const all: NestedTemplate[] = [];
  for (const set of parent.nested) {
    const path = `${above}${set.logicalId}`;
    const template = await changeSets.template(target, set.id);
    if (template === undefined) throw broken(`The change set ${set.id} of the nested stack ${path} is gone.`);
    const { action, physicalId } = parent.changes.find((each) => each.logicalId === set.logicalId) ?? {};
    const stack = action === "Add" ? undefined : physicalId;
    all.push({ path, set, template, ...(stack !== undefined && { stack }) });
    all.push(...(await nestedTemplates(changeSets, target, set, `${path}/`)));
  }
  return all;
}
