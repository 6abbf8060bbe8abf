/**
 * Implements CreateChangeSet. As on AWS, a background task compares the templates after the answer
 * (CloudFormation API Reference, CreateChangeSet).
 */
import { randomUUID } from "node:crypto";
import { validationError } from "#cloud/cloudformation/template-error.ts";
import { AwsError } from "#cloud/kernel/aws-error.ts";
import type { OperationOf } from "#cloud/kernel/service.ts";
import { passRole, requestContext, stackAccess } from "./access.ts";
import { checkCapabilities } from "./capabilities.ts";
import { compareChangeSet } from "./compare-change-set.ts";
import { lookUpChangeSet } from "./find-change-set.ts";
import { findStack } from "./find-stack.ts";
import { acceptDefinition } from "./request.ts";
import { reviewStack } from "./review-stack.ts";
import { checkStackName, checkToken, checkUpdatable, locationOf, newStackId } from "./stack-request.ts";
import type { ChangeSetRow, Location, OnFailure, Sdk, StackRow, State } from "./state.ts";

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
    const named = existing && lookUpChangeSet(call.state, name, existing.stackId);
    // After an execution CloudFormation deletes the stack's change sets, so their names are free (CloudFormation User
    // Guide, "Execute a change set").
    const same = named && !over.has(named.executionStatus) ? named : undefined;
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
      findStack(call.state, subject.stackId) ??
      reviewStack(location, { ...subject, definition, template, principal: call.principal }, input.RoleARN);
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
      principal: call.principal,
      ...(input.Description === undefined ? {} : { description: input.Description }),
      ...(input.RoleARN === undefined ? {} : { roleArn: input.RoleARN }),
      ...(onStackFailure === undefined ? {} : { onStackFailure }),
      ...(input.ClientToken === undefined ? {} : { token: input.ClientToken }),
    });
    startComparing(location, changeSetId);
    return { Id: changeSetId, StackId: stack.stackId };
  },
};

const over: ReadonlySet<ChangeSetRow["executionStatus"]> = new Set(["EXECUTE_COMPLETE", "OBSOLETE"]);

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

const startComparing = (location: Location, changeSetId: string): void =>
  location.cloud.spawn(`change set ${changeSetId}`, async () => {
    await location.clock.sleep(location.cloud.pace.resource);
    await compareChangeSet(location, changeSetId);
  });

/** Repeats the comparisons that a stop of the cloud interrupted. Runs at start. */
export function resumeComparing(location: Location): void {
  for (const { changeSetId, status, nestedIn } of location.state.changeSets.values())
    if (nestedIn === undefined && (status === "CREATE_PENDING" || status === "CREATE_IN_PROGRESS"))
      startComparing(location, changeSetId);
}
