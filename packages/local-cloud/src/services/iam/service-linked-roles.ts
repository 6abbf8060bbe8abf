/**
 * Implements service-linked roles. Only their AWS service may assume them; service control policies do not
 * apply (AWS Organizations User Guide, "Service control policies (SCPs)").
 */
import { newUniqueId } from "#cloud/iam/access-key-id.ts";
import type { RoleRow } from "#cloud/iam/iam-state.ts";
import { AwsError } from "#cloud/kernel/aws-error.ts";
import { entityAccess, entityArn, roleNamed } from "./entities.ts";
import { linkedPolicy, linkedRoleName, takesSuffix } from "./linked-services.ts";
import { type IamOperation, noSuchEntity } from "./operation.ts";
import { roleShape } from "./roles.ts";

export const createServiceLinkedRole: IamOperation<"CreateServiceLinkedRole"> = {
  access: (input, call) => {
    const service = input.AWSServiceName ?? "";
    return {
      action: "iam:CreateServiceLinkedRole",
      resource: entityArn(
        "role",
        call.account,
        `/aws-service-role/${service}/`,
        linkedRoleName(service, input.CustomSuffix),
      ),
      context: { "iam:AWSServiceName": service },
    };
  },
  run: (input, call) => {
    const service = input.AWSServiceName ?? "";
    if (!/^[\w.-]+\.amazonaws\.com$/.test(service))
      throw new AwsError("InvalidInput", `Invalid service name: ${service}`);
    if (input.CustomSuffix !== undefined && !takesSuffix(service))
      throw new AwsError("InvalidInput", `Custom suffix is not allowed for ${service}`);
    const name = linkedRoleName(service, input.CustomSuffix);
    if (call.state.roles.has(name.toLowerCase()))
      throw new AwsError(
        "InvalidInput",
        `Service role name ${name} has been taken in this account, please try a different suffix.`,
      );
    const path = `/aws-service-role/${service}/`;
    const role: RoleRow = {
      name,
      path,
      arn: entityArn("role", call.account, path, name),
      id: newUniqueId("AROA"),
      createDate: call.clock.now(),
      inline: {},
      attached: linkedPolicy(service),
      tags: [],
      ...(input.Description !== undefined && { description: input.Description }),
      maxSessionDuration: 3600,
      trust: JSON.stringify({
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Principal: { Service: [service] }, Action: ["sts:AssumeRole"] }],
      }),
      trustNames: {},
    };
    call.state.roles.set(name.toLowerCase(), role);
    return { Role: roleShape(role, call) };
  },
};

export const deleteServiceLinkedRole: IamOperation<"DeleteServiceLinkedRole"> = {
  access: (input, call) => entityAccess("role", "DeleteServiceLinkedRole", input.RoleName, call),
  run: ({ RoleName }, { state, requestId }) => {
    const role = roleNamed(state, RoleName);
    if (!role.path.startsWith("/aws-service-role/"))
      throw noSuchEntity(`The role with name ${RoleName} cannot be found.`);
    state.roles.delete(role.name.toLowerCase());
    return { DeletionTaskId: `task${role.path}${role.name}/${requestId}` };
  },
};

/** Always reports success, because DeleteServiceLinkedRole deletes the role before it returns the task id. */
export const getServiceLinkedRoleDeletionStatus: IamOperation<"GetServiceLinkedRoleDeletionStatus"> = {
  access: (input, call) => ({
    action: "iam:GetServiceLinkedRoleDeletionStatus",
    resource: `arn:aws:iam::${call.account}:role/${(input.DeletionTaskId ?? "").replace(/^task\//, "")}`,
  }),
  run: ({ DeletionTaskId = "" }) => {
    if (!DeletionTaskId.startsWith("task/aws-service-role/"))
      throw noSuchEntity(`Deletion task ${DeletionTaskId} cannot be found.`);
    return { Status: "SUCCEEDED" };
  },
};
