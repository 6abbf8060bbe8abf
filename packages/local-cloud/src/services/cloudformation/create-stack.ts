/** Implements CreateStack. */
import { AwsError } from "#cloud/kernel/aws-error.ts";
import type { OperationOf } from "#cloud/kernel/service.ts";
import { passRole, requestContext, stackAccess } from "./access.ts";
import { checkCapabilities } from "./capabilities.ts";
import { findStack } from "./find-stack.ts";
import { acceptDefinition } from "./request.ts";
import { runOperation } from "./run.ts";
import { readPolicy } from "./stack-policies.ts";
import {
  checkStackName,
  checkToken,
  locationOf,
  newStackId,
  onFailureOf,
  repeated,
} from "./stack-request.ts";
import { startStack } from "./start-stack.ts";
import type { Sdk, State } from "./state.ts";

export const createStack: OperationOf<Sdk, State, "CreateStack"> = {
  access: (input, call) => [
    stackAccess("CreateStack", input.StackName, call, requestContext(input)),
    ...passRole(input.RoleARN),
  ],
  run: async (input, call) => {
    const name = input.StackName ?? "";
    checkStackName(name);
    checkToken(input.ClientRequestToken);
    const existing = findStack(call.state, name);
    if (existing && repeated(existing, input.ClientRequestToken, "CreateStack"))
      return { StackId: existing.stackId };
    if (existing) throw new AwsError("AlreadyExistsException", `Stack [${name}] already exists`);
    const onFailure = onFailureOf(input);
    const stackId = newStackId(call, name);
    const capabilities = input.Capabilities ?? [];
    const { definition, template } = await acceptDefinition(
      input,
      call,
      { stackId, name },
      (processed, expands) => checkCapabilities(processed, capabilities, expands),
    );
    const policy = await readPolicy(input.StackPolicyBody, input.StackPolicyURL, call);
    // Reading the template took time, so another request may have created a stack of this name meanwhile.
    if (findStack(call.state, name))
      throw new AwsError("AlreadyExistsException", `Stack [${name}] already exists`);
    const location = locationOf(call);
    startStack(
      location,
      { stackId, name, definition, template, principal: call.principal },
      {
        onFailure,
        terminationProtection: input.EnableTerminationProtection ?? false,
        retainExceptOnCreate: input.RetainExceptOnCreate ?? false,
        ...(input.TimeoutInMinutes === undefined ? {} : { timeoutInMinutes: input.TimeoutInMinutes }),
        ...(input.RoleARN === undefined ? {} : { roleArn: input.RoleARN }),
        ...(policy === undefined ? {} : { policy }),
        ...(input.ClientRequestToken === undefined ? {} : { token: input.ClientRequestToken }),
      },
    );
    runOperation(location, stackId);
    return { StackId: stackId };
  },
};
