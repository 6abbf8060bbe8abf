/** Checks the requests that start a stack operation: stack name, client request token, stack status. */
import { randomUUID } from "node:crypto";
import { validationError } from "#cloud/cloudformation/template-error.ts";
import { AwsError } from "#cloud/kernel/aws-error.ts";
import type { Call } from "#cloud/kernel/service.ts";
import type { Location, OnFailure, StackRow, State } from "./state.ts";

const constraint = (value: string, member: string, pattern: string): Error =>
  validationError(
    `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: Member must satisfy regular expression pattern: ${pattern}`,
  );

export function checkStackName(name: string): void {
  if (name.length > 128) {
    throw validationError(
      `1 validation error detected: Value '${name}' at 'stackName' failed to satisfy constraint: Member must have length less than or equal to 128`,
    );
  }
  if (!/^[a-zA-Z][-a-zA-Z0-9]*$/.test(name)) throw constraint(name, "stackName", "[a-zA-Z][-a-zA-Z0-9]*");
}

export function checkToken(token: string | undefined): void {
  if (token !== undefined && (!/^[a-zA-Z0-9][-a-zA-Z0-9]*$/.test(token) || token.length > 128)) {
    throw constraint(token, "clientRequestToken", "[a-zA-Z0-9][-a-zA-Z0-9]*");
  }
}

export const newStackId = (call: Pick<Call<State>, "account" | "region">, name: string): string =>
  `arn:aws:cloudformation:${call.region}:${call.account}:stack/${name}/${randomUUID()}`;

export const locationOf = (call: Call<State>): Location => ({
  cloud: call.cloud,
  clock: call.clock,
  account: call.account,
  region: call.region,
  state: call.state,
});

/** Returns true for a repeated request, which is answered but not run again. */
export function repeated(stack: StackRow, token: string | undefined, action: string): boolean {
  const done = token === undefined ? undefined : stack.tokens[token];
  if (done === undefined) return false;
  if (done === action) return true;
  throw new AwsError(
    "TokenAlreadyExistsException",
    `Token ${token ?? ""} already exists for another operation on stack ${stack.name}`,
  );
}

const updatable = new Set([
  "CREATE_COMPLETE",
  "UPDATE_COMPLETE",
  "UPDATE_ROLLBACK_COMPLETE",
  "IMPORT_COMPLETE",
  "IMPORT_ROLLBACK_COMPLETE",
]);

export function checkUpdatable(stack: StackRow, allowFailed = false): void {
  if (updatable.has(stack.status)) return;
  if (allowFailed && (stack.status === "CREATE_FAILED" || stack.status === "UPDATE_FAILED")) return;
  throw validationError(`Stack:${stack.stackId} is in ${stack.status} state and can not be updated.`);
}

export function onFailureOf(input: {
  readonly DisableRollback?: boolean | undefined;
  readonly OnFailure?: string | undefined;
}): OnFailure {
  if (input.DisableRollback !== undefined && input.OnFailure !== undefined) {
    throw validationError("Cannot specify both DisableRollback and OnFailure.");
  }
  if (input.OnFailure === "DELETE" || input.OnFailure === "DO_NOTHING") return input.OnFailure;
  return input.DisableRollback ? "DO_NOTHING" : "ROLLBACK";
}
