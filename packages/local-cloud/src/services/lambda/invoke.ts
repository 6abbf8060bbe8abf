/**
 * Invoke runs a function and waits for its result, queues an asynchronous event, or checks only the
 * permission (DryRun).
 */
import { randomUUID } from "node:crypto";
import type * as lambda from "@aws-sdk/client-lambda";
import { AwsError } from "#cloud/kernel/aws-error.ts";
import type { OperationOf } from "#cloud/kernel/service.ts";
import { constraint } from "./errors.ts";
import { findFunction, findVersion, functionAccess, parseFunctionName } from "./function-name.ts";
import { queueEvent } from "./queue-event.ts";
import { runFunction } from "./run-function.ts";
import type { LambdaState } from "./state.ts";

/** The sizes of payloads, in bytes (Lambda Developer Guide, "Lambda quotas"). */
const SYNC_LIMIT = 6_291_456;
const ASYNC_LIMIT = 1_048_576;
const TAIL = 4096;

export const invoke: OperationOf<typeof lambda, LambdaState, "Invoke"> = {
  access: ({ FunctionName, Qualifier }, call) =>
    functionAccess("InvokeFunction", FunctionName, call, Qualifier),
  run: async (input, call) => {
    const name = parseFunctionName(input.FunctionName, call, input.Qualifier);
    const { state } = findFunction(name, call);
    // The weights of an alias need a random number; `randomUUID` is its source, as for ids.
    const chance = Number.parseInt(randomUUID().slice(0, 8), 16) / 0x1_0000_0000;
    const version = findVersion(name, call, chance);
    const type = input.InvocationType ?? "RequestResponse";
    if (type !== "RequestResponse" && type !== "Event" && type !== "DryRun")
      throw constraint(
        type,
        "invocationType",
        "Member must satisfy enum value set: [Event, RequestResponse, DryRun]",
      );
    if (type === "DryRun") return { StatusCode: 204, ExecutedVersion: version.version };
    const payload = payloadOf(input.Payload, type === "Event" ? ASYNC_LIMIT : SYNC_LIMIT);
    const deps = { state, stateOf: call.stateOf, clock: call.clock, cloud: call.cloud };
    if (type === "Event") {
      queueEvent({ id: call.requestId, function: name.name, qualifier: name.qualifier, payload }, deps);
      return { StatusCode: 202, Payload: Buffer.alloc(0) as never };
    }
    const finished = await runFunction(
      version,
      { requestId: call.requestId, payload, qualifier: name.qualifier, clientContext: input.ClientContext },
      deps,
    );
    return {
      StatusCode: 200,
      ExecutedVersion: finished.version,
      ...(finished.failed && { FunctionError: "Unhandled" }),
      ...(input.LogType === "Tail" && {
        LogResult: Buffer.from(finished.log).subarray(-TAIL).toString("base64"),
      }),
      Payload: Buffer.from(finished.payload) as never,
    };
  },
};

function payloadOf(payload: unknown, limit: number): string {
  const text =
    payload === undefined
      ? ""
      : typeof payload === "string"
        ? payload
        : Buffer.from(payload as Uint8Array).toString("utf8");
  if (Buffer.byteLength(text) > limit)
    throw new AwsError(
      "RequestTooLargeException",
      `Request must be smaller than ${limit} bytes for the InvokeFunction operation`,
      413,
    );
  if (text === "") return "{}";
  try {
    JSON.parse(text);
    return text;
  } catch (error) {
    throw new AwsError(
      "InvalidRequestContentException",
      `Could not parse request body into json: Could not parse payload into json: ${(error as Error).message}`,
    );
  }
}
