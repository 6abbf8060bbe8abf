/** Implements SetStackPolicy and GetStackPolicy. */
import { isList, isObject } from "#cloud/cloudformation/json.ts";
import { validationError } from "#cloud/cloudformation/template-error.ts";
import type { Call, OperationOf } from "#cloud/kernel/service.ts";
import { stackAccess } from "./access.ts";
import { missingStack, stackOf } from "./find-stack.ts";
import { readTemplateUrl } from "./read-template.ts";
import { changeStack } from "./record.ts";
import { locationOf } from "./stack-request.ts";
import type { Sdk, State } from "./state.ts";

export async function readPolicy(
  body: string | undefined,
  url: string | undefined,
  call: Call<State>,
): Promise<string | undefined> {
  if (body !== undefined && url !== undefined) {
    throw validationError("You cannot specify both StackPolicyBody and StackPolicyURL");
  }
  const text = body ?? (url === undefined ? undefined : await readTemplateUrl(url, call));
  if (text === undefined) return undefined;
  if (Buffer.byteLength(text) > 16_384) {
    throw validationError(
      "1 validation error detected: Value at 'stackPolicyBody' failed to satisfy constraint: Member must have length less than or equal to 16384",
    );
  }
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    document = undefined;
  }
  if (!isObject(document) || !isList(document["Statement"]))
    throw validationError("Error validating stack policy: Invalid stack policy");
  return text;
}

export const setStackPolicy: OperationOf<Sdk, State, "SetStackPolicy"> = {
  access: (input, call) =>
    stackAccess("SetStackPolicy", input.StackName, call, {
      "cloudformation:StackPolicyUrl": input.StackPolicyURL,
    }),
  run: async (input, call) => {
    const stack = stackOf(call, input.StackName ?? "", missingStack.bracketed);
    const policy = await readPolicy(input.StackPolicyBody, input.StackPolicyURL, call);
    if (policy === undefined)
      throw validationError("You must specify either StackPolicyBody or StackPolicyURL.");
    changeStack(locationOf(call), stack.stackId, { policy });
    return {};
  },
};

export const getStackPolicy: OperationOf<Sdk, State, "GetStackPolicy"> = {
  access: (input, call) => stackAccess("GetStackPolicy", input.StackName, call),
  run: (input, call) => {
    const stack = stackOf(call, input.StackName ?? "", missingStack.bracketed);
    return stack.policy === undefined ? {} : { StackPolicyBody: stack.policy };
  },
};
