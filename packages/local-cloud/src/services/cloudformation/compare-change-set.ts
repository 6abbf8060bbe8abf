/**
 * Compares a change set with its stack, in the background. With `IncludeNestedStacks` it makes a change set for each
 * nested stack first (CloudFormation User Guide, "Change sets for nested stacks"). One of them that fails makes
 * its parent fail.
 */
import type { Change } from "@aws-sdk/client-cloudformation";
import { validationError } from "#cloud/cloudformation/template-error.ts";
import { AwsError } from "#cloud/kernel/aws-error.ts";
import { computeChanges } from "./compute-changes.ts";
import { planNested } from "./plan-nested.ts";
import { prepareDefinition } from "./prepare.ts";
import { removeNested } from "./remove-nested.ts";
import type { ChangeSetRow, Location } from "./state.ts";

const noChanges =
  "The submitted information didn't contain changes. Submit different information to create a change set.";

const onlyFromRoot = "Executable from root change set";

export async function compareChangeSet(location: Location, changeSetId: string): Promise<void> {
  const row = location.state.changeSets.get(changeSetId);
  const stack = row && location.state.stacks.get(row.stackId);
  const template = row && location.state.templates.get(row.definition.template);
  if (!row || !stack || !template) return;
  const set = (change: Partial<ChangeSetRow>): void => {
    location.state.changeSets.set(changeSetId, { ...row, ...change });
  };
  const fail = (statusReason: string): void =>
    set({ status: "FAILED", executionStatus: "UNAVAILABLE", statusReason });
  try {
    const { definition } = row;
    const prepared = prepareDefinition(definition, template, location, stack);
    const found = computeChanges(location, stack, { definition, prepared });
    const changes = row.includeNestedStacks
      ? await withNested(location, row, found.changes, (id) => ({
          declaration: prepared.resources[id],
          scope: found.scope,
        }))
      : found.changes;
    const any = changes.length > 0 || (found.any && changes.length === found.changes.length);
    if (!any) {
      removeNested(location, changeSetId);
      return fail(noChanges);
    }
    const done = { status: "CREATE_COMPLETE", changes: JSON.stringify(changes) } as const;
    if (row.nestedIn) set({ ...done, executionStatus: "UNAVAILABLE", statusReason: onlyFromRoot });
    else set({ ...done, executionStatus: "AVAILABLE" });
  } catch (error) {
    removeNested(location, changeSetId);
    fail(error instanceof AwsError ? error.message : "Internal Failure");
  }
}

/** The changes with the change sets of nested stacks. A nested stack without any change is left out. */
async function withNested(
  location: Location,
  row: ChangeSetRow,
  changes: readonly Change[],
  declared: (id: string) => Omit<Parameters<typeof planNested>[2], "logicalId" | "change">,
): Promise<readonly Change[]> {
  const all: Change[] = [];
  for (const change of changes) {
    const {
      ResourceType,
      Action,
      LogicalResourceId: logicalId = "",
      Scope = [],
    } = change.ResourceChange ?? {};
    if (ResourceType !== "AWS::CloudFormation::Stack" || Action === "Remove") {
      all.push(change);
      continue;
    }
    const nested = await planNested(location, row, { ...declared(logicalId), logicalId, change });
    if (nested === undefined) {
      all.push(change);
      continue;
    }
    await compareChangeSet(location, nested.changeSetId);
    const { status, statusReason } = location.state.changeSets.get(nested.changeSetId) ?? nested;
    if (status === "CREATE_COMPLETE") {
      const own = { ChangeSetId: nested.changeSetId, PhysicalResourceId: nested.stackId };
      all.push({ ...change, ResourceChange: { ...change.ResourceChange, ...own } });
      continue;
    }
    if (statusReason !== noChanges)
      throw validationError(
        `Nested change set ${nested.changeSetId} was not successfully created: Currently in ${status}.`,
      );
    location.state.changeSets.delete(nested.changeSetId);
    if (Scope.length > 1 || !isAutomatic(change)) all.push(change);
  }
  return all;
}

const isAutomatic = ({ ResourceChange }: Change): boolean =>
  (ResourceChange?.Details ?? []).every(({ ChangeSource }) => ChangeSource === "Automatic");
