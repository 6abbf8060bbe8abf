/** Implements PutPermission and RemovePermission, which edit the resource policy of a bus. */
import type * as events from "@aws-sdk/client-eventbridge";
import { AwsError } from "#cloud/kernel/aws-error.ts";
import type { OperationOf } from "#cloud/kernel/service.ts";
import { busAccess, busArn, findBus } from "./find-bus.ts";
import type { BusPolicy, BusStatement, EventsState } from "./state.ts";

const LIMIT = 10_240;

export const putPermission: OperationOf<typeof events, EventsState, "PutPermission"> = {
  access: ({ EventBusName }, call) => busAccess("PutPermission", EventBusName, call),
  run: (input, call) => {
    const { bus, location, state } = findBus(input.EventBusName, call);
    const policy =
      input.Policy === undefined
        ? withStatement(bus.policy, toStatement(input, busArn(location)))
        : parsePolicy(input.Policy);
    if (JSON.stringify(policy).length > LIMIT)
      throw new AwsError("PolicyLengthExceededException", "The event bus policy is too long.");
    state.buses.set(bus.name, { ...bus, policy, modifiedAt: call.clock.now().getTime() });
    return {};
  },
};

function toStatement(input: events.PutPermissionCommandInput, resource: string): BusStatement {
  const { StatementId = "", Action = "", Principal = "", Condition } = input;
  if (!/^[\w-]{1,64}$/.test(StatementId) || Action !== "events:PutEvents" || !/^(\d{12}|\*)$/.test(Principal))
    throw new AwsError(
      "ValidationException",
      "Provide either Policy, or StatementId, Action (events:PutEvents) and Principal (an account id or *).",
    );
  return {
    Sid: StatementId,
    Effect: "Allow",
    Principal: Principal === "*" ? "*" : { AWS: `arn:aws:iam::${Principal}:root` },
    Action,
    Resource: resource,
    ...(Condition && { Condition: { [Condition.Type ?? ""]: { [Condition.Key ?? ""]: Condition.Value } } }),
  };
}

const withStatement = (policy: BusPolicy | undefined, statement: BusStatement): BusPolicy => ({
  Version: "2012-10-17",
  Statement: [...(policy?.Statement ?? []).filter(({ Sid }) => Sid !== statement.Sid), statement],
});

function parsePolicy(text: string): BusPolicy {
  try {
    const policy = JSON.parse(text) as { Version?: string; Statement?: BusStatement | BusStatement[] };
    if (policy.Statement !== undefined)
      return { Version: policy.Version ?? "2012-10-17", Statement: [policy.Statement].flat() };
  } catch {
    // The error below covers malformed JSON as well.
  }
  throw new AwsError("ValidationException", "The policy is not valid JSON with a Statement.");
}

export const removePermission: OperationOf<typeof events, EventsState, "RemovePermission"> = {
  access: ({ EventBusName }, call) => busAccess("RemovePermission", EventBusName, call),
  run: ({ StatementId, RemoveAllPermissions, EventBusName }, call) => {
    const { bus, state } = findBus(EventBusName, call);
    const statements = bus.policy?.Statement ?? [];
    const left = RemoveAllPermissions ? [] : statements.filter(({ Sid }) => Sid !== StatementId);
    if (!RemoveAllPermissions && left.length === statements.length)
      throw new AwsError(
        "ResourceNotFoundException",
        statements.length === 0
          ? "EventBus does not have a policy."
          : "Statement with the provided id does not exist.",
      );
    const policy = left.length === 0 ? undefined : { Version: "2012-10-17", Statement: left };
    state.buses.set(bus.name, { ...bus, policy, modifiedAt: call.clock.now().getTime() });
    return {};
  },
};
