/**
 * Makes the change set of one nested stack, for its parent's change set. A new nested stack is made with it, in the
 * status REVIEW_IN_PROGRESS.
 */
import { randomBytes, randomUUID } from "node:crypto";
import type { Change } from "@aws-sdk/client-cloudformation";
import { parameterList } from "#cloud/cloudformation/nested-parameters.ts";
import { physicalName } from "#cloud/cloudformation/physical-name.ts";
import type { Scope } from "#cloud/cloudformation/scope.ts";
import type { ResourceDeclaration } from "#cloud/cloudformation/template.ts";
import { checkCapabilities } from "./capabilities.ts";
import { acceptDefinition } from "./request.ts";
import { reviewStack } from "./review-stack.ts";
import { newStackId } from "./stack-request.ts";
import type { ChangeSetRow, Location, StackRow } from "./state.ts";
import { unknownYet } from "./unknown-value.ts";
import { operationPrincipal, resolveProperties } from "./worker.ts";

type NestedStack = {
  readonly logicalId: string;
  readonly declaration: ResourceDeclaration | undefined;
  readonly scope: Scope;
  readonly change: Change;
};

/** Undefined when a value that the update makes decides the template: the stack then follows without a change set. */
export async function planNested(
  location: Location,
  parent: ChangeSetRow,
  { logicalId, declaration, scope, change }: NestedStack,
): Promise<ChangeSetRow | undefined> {
  const root = location.state.stacks.get(parent.stackId);
  if (!declaration || !root || parent.principal === undefined) return undefined;
  const properties = resolveProperties(declaration.Properties, scope);
  const url = properties["TemplateURL"];
  if (typeof url !== "string" || url.includes(unknownYet)) return undefined;
  const principal = await operationPrincipal(location, {
    principal: parent.principal,
    ...(parent.roleArn === undefined ? {} : { roleArn: parent.roleArn }),
  });
  const name = physicalName(root.name, logicalId, randomBytes(12), { max: 128 });
  const existing = location.state.stacks.get(change.ResourceChange?.PhysicalResourceId ?? "");
  const isNew = existing === undefined || change.ResourceChange?.Replacement === "True";
  const subject = isNew ? { stackId: newStackId(location, name), name } : existing;
  const { capabilities, notificationArns, tags } = parent.definition;
  const { definition, template } = await acceptDefinition(
    {
      TemplateURL: url,
      Parameters: parameterList(properties["Parameters"]),
      Capabilities: capabilities,
      NotificationARNs: notificationArns,
      Tags: [...tags],
    },
    { ...location, principal },
    subject,
    (processed) => checkCapabilities(processed, capabilities, false),
  );
  location.state.templates.set(definition.template, template);
  const stack: StackRow = isNew
    ? reviewStack(location, { ...subject, definition, template, principal }, parent.roleArn, {
        parentId: root.stackId,
        rootId: root.rootId ?? root.stackId,
      })
    : existing;
  const changeSetId = `arn:aws:cloudformation:${location.region}:${location.account}:changeSet/${parent.name.slice(0, 90)}-${logicalId.slice(0, 37)}/${randomUUID()}`;
  return location.state.changeSets.set(changeSetId, {
    changeSetId,
    name: changeSetId.split("/")[1] ?? "",
    stackId: stack.stackId,
    stackName: stack.name,
    type: isNew ? "CREATE" : "UPDATE",
    created: location.clock.now(),
    definition,
    status: "CREATE_PENDING",
    executionStatus: "UNAVAILABLE",
    changes: "[]",
    includeNestedStacks: true,
    principal: parent.principal,
    nestedIn: {
      parentId: parent.changeSetId,
      rootId: parent.nestedIn?.rootId ?? parent.changeSetId,
      logicalId,
    },
    ...(parent.roleArn === undefined ? {} : { roleArn: parent.roleArn }),
  });
}
