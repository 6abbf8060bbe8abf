/** The services of a simulated cloud. Lambda keeps the events, and the simulation runs the functions. */
import type { Service } from "@kedge/local-cloud/kernel/service";
import { services } from "@kedge/local-cloud/services/index";
import type { QueuedEvent } from "@kedge/local-cloud/services/lambda/state";

/**
 * Lambda takes asynchronous events after the usual permission check. The simulation runs them. A synchronous
 * call gets an empty object, because only functions of target accounts get such calls.
 */
export const simulatedServices: readonly Service[] = services.map((service) => {
  const invoke = service.operations["Invoke"];
  if (service.name !== "lambda" || invoke === undefined) return service;
  const { start: _, ...rest } = service;
  const run = (input: unknown, call: unknown): unknown => {
    const {
      FunctionName = "",
      InvocationType,
      Payload,
    } = input as {
      FunctionName?: string;
      InvocationType?: string;
      Payload?: Uint8Array;
    };
    if (InvocationType !== "Event") return { StatusCode: 200, Payload: Buffer.from("{}") };
    const { state, requestId, clock } = call as {
      state: { events: { set: (id: string, row: QueuedEvent) => void } };
      requestId: string;
      clock: { now: () => Date };
    };
    const now = clock.now().getTime();
    state.events.set(requestId, {
      id: requestId,
      function: FunctionName.split(":").at(-1) ?? "",
      qualifier: undefined,
      payload: Buffer.from(Payload ?? []).toString(),
      queuedAt: now,
      dueAt: now,
      attempts: 0,
      throttles: 0,
    });
    return { StatusCode: 202, Payload: Buffer.alloc(0) };
  };
  return {
    ...rest,
    operations: { ...service.operations, Invoke: { access: invoke.access, run } },
  } as Service;
});
