/**
 * Implements CreateChangeSet. As on AWS, a background task compares the templates after the answer
 * (CloudFormation API Reference, CreateChangeSet).
 */
import { randomUUID } from "node:crypto";
import { validationError } from "#cloud/cloudformation/template-error.ts";
import { AwsError } from "#cloud/kernel/aws-error.ts";
import type { Call, OperationOf } from "#cloud/kernel/service.ts";
import { passRole, requestContext, stackAccess } from "./access.ts";
import { checkCapabilities } from "./capabilities.ts";
import { computeChanges } from "./compute-changes.ts";
import { lookUpChangeSet } from "./find-change-set.ts";
import { findStack, missingStack } from "./find-stack.ts";
import { prepareDefinition } from "./prepare.ts";
import { setStackStatus } from "./record.ts";
import { acceptDefinition } from "./request.ts";
import { checkStackName, checkToken, checkUpdatable, locationOf, newStackId } from "./stack-request.ts";
import { storeStack } from "./start-stack.ts";
import type { ChangeSetRow, Location, OnFailure, Sdk, StackRow, State } from "./state.ts";

const noChanges =
  "The submitted information didn't contain changes. Submit different information to create a change set.";

export const createChangeSet: OperationOf<Sdk, State, "CreateChangeSet"> = {
  access: (input, call) => [
    stackAccess("CreateChangeSet", input.StackName, call, requestContext(input)),
    ...passRole(input.RoleARN),
  ],
  run: async (input, call) => {
    const [stackName, name] = [input.StackName ?? "", input.ChangeSetName ?? ""];
    if (!stackName.startsWith("arn:")) checkStackName(stackName);
    if (!/^[a-zA-Z][-a-zA-Z0-9]*$/.test(name) || name.length > 128) {
      throw validationError(
        `1 validation error detected: Value '${name}' at 'changeSetName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*`,
      );
    }
    checkToken(input.ClientToken);
    if (input.ChangeSetType === "IMPORT")
      throw validationError("Resource import is not supported in this Region");
    const type = input.ChangeSetType === "CREATE" ? "CREATE" : "UPDATE";
    const onStackFailure = input.OnStackFailure as OnFailure | undefined;
    if (onStackFailure === "DELETE" && type !== "CREATE") {
      throw validationError("OnStackFailure can be set to DELETE only when ChangeSetType is CREATE.");
    }
    const found = findStack(call.state, stackName);
    const existing = found?.status === "DELETE_COMPLETE" ? undefined : found;
    checkType(type, stackName, existing);
    const same = existing && lookUpChangeSet(call.state, name, existing.stackId);
    if (same && input.ClientToken !== undefined && same.token === input.ClientToken) {
      return { Id: same.changeSetId, StackId: same.stackId };
    }
    if (same) throw new AwsError("AlreadyExistsException", `ChangeSet ${name} already exists`);
    const subject = existing ?? { stackId: newStackId(call, stackName), name: stackName };
    const capabilities = input.Capabilities ?? [];
    const accepted = await acceptDefinition(input, call, subject, (processed) =>
      checkCapabilities(processed, capabilities, false),
    );
    const location = locationOf(call);
    const { definition, template } = accepted;
    const stack =
      findStack(call.state, subject.stackId) ?? reviewStack(location, subject, accepted, call, input.RoleARN);
    call.state.templates.set(definition.template, template);
    const changeSetId = `arn:aws:cloudformation:${call.region}:${call.account}:changeSet/${name}/${randomUUID()}`;
    call.state.changeSets.set(changeSetId, {
      changeSetId,
      name,
      stackId: stack.stackId,
      stackName: stack.name,
      type,
      created: call.clock.now(),
      definition,
      status: "CREATE_PENDING",
      executionStatus: "UNAVAILABLE",
      changes: "[]",
      includeNestedStacks: input.IncludeNestedStacks ?? false,
      ...(input.Description === undefined ? {} : { description: input.Description }),
      ...(input.RoleARN === undefined ? {} : { roleArn: input.RoleARN }),
      ...(onStackFailure === undefined ? {} : { onStackFailure }),
      ...(input.ClientToken === undefined ? {} : { token: input.ClientToken }),
    });
    startComparing(location, changeSetId);
    return { Id: changeSetId, StackId: stack.stackId };
  },
};

function checkType(type: "CREATE" | "UPDATE", stackName: string, existing: StackRow | undefined): void {
  if (type === "CREATE" && existing && existing.status !== "REVIEW_IN_PROGRESS") {
    throw validationError(
      `Stack [${existing.name}] already exists and cannot be created again with the changeSet.`,
    );
  }
  if (type === "CREATE") return;
  if (!existing) throw validationError(`Stack [${stackName}] does not exist`);
  checkUpdatable(existing, true);
}

function reviewStack(
  location: Location,
  subject: { readonly stackId: string; readonly name: string },
  accepted: Parameters<typeof computeChanges>[2] & {
    readonly template: Parameters<typeof location.state.templates.set>[1];
  },
  call: Call<State>,
  roleArn: string | undefined,
): StackRow {
  if (findStack(call.state, subject.name)) throw missingStack.bracketed(subject.name);
  storeStack(
    location,
    { ...subject, definition: accepted.definition, template: accepted.template, principal: call.principal },
    {
      onFailure: "ROLLBACK",
      terminationProtection: false,
      retainExceptOnCreate: false,
      ...(roleArn === undefined ? {} : { roleArn }),
    },
  );
  setStackStatus(location, subject.stackId, "REVIEW_IN_PROGRESS", "User Initiated");
  const row = findStack(call.state, subject.stackId);
  if (!row) throw missingStack.bracketed(subject.name);
  return row;
}

const startComparing = (location: Location, changeSetId: string): void =>
  location.cloud.spawn(`change set ${changeSetId}`, async () => {
    await location.clock.sleep(location.cloud.pace.resource);
    compare(location, changeSetId);
  });

function compare(location: Location, changeSetId: string): void {
  const row = location.state.changeSets.get(changeSetId);
  const stack = row && location.state.stacks.get(row.stackId);
  const template = row && location.state.templates.get(row.definition.template);
  if (!row || !stack || !template) return;
  const set = (change: Partial<ChangeSetRow>): void => {
    location.state.changeSets.set(changeSetId, { ...row, ...change });
  };
  try {
    const { definition } = row;
    const prepared = prepareDefinition(definition, template, location, stack);
    const { any, changes } = computeChanges(location, stack, { definition, prepared });
    if (any)
      set({ status: "CREATE_COMPLETE", executionStatus: "AVAILABLE", changes: JSON.stringify(changes) });
    else set({ status: "FAILED", executionStatus: "UNAVAILABLE", statusReason: noChanges });
  } catch (error) {
    const reason = error instanceof AwsError ? error.message : "Internal Failure";
    set({ status: "FAILED", executionStatus: "UNAVAILABLE", statusReason: reason });
  }
}

/** Repeats the comparisons that a stop of the cloud interrupted. Runs at start. */
export function resumeComparing(location: Location): void {
  for (const { changeSetId, status } of location.state.changeSets.values())
    if (status === "CREATE_PENDING" || status === "CREATE_IN_PROGRESS") startComparing(location, changeSetId);
}
