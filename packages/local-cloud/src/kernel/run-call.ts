/** Lets one call through: inject a fault, ask for access, run the operation, inject a fault, report the call to its watchers. */

import { requireMembers } from "#cloud/wire/schema.ts";
import type { WiredService } from "#cloud/wire/wire.ts";
import type { AccessRequest, Authorizer } from "./access.ts";
import { AwsError } from "./aws-error.ts";
import { accountOf } from "./caller.ts";
import type { Clock } from "./clock.ts";
import type { CallRecord, Cloud, Invocation } from "./cloud-type.ts";
import type { createFaults, FaultRule } from "./faults.ts";
import { principalName } from "./principal.ts";
import { denied, notImplemented } from "./refusals.ts";
import type { Call, Operation, Service } from "./service.ts";

/** Thrown when a fault kills the caller, which then gets no answer. */
export class CallerCrash extends Error {
  override name = "CallerCrash";
}

/** Runs a call like `cloud.invoke`, for the gateway, which knows the request's id, key and sender. */
export type RunCall = (
  invocation: Invocation,
  request: { readonly requestId: string; readonly sourceIp: string; readonly accessKeyId?: string },
) => Promise<unknown>;

export function createCall(deps: {
  readonly clock: Clock;
  readonly log: (line: string) => void;
  readonly faults: ReturnType<typeof createFaults>;
  readonly watchers: ReadonlySet<(call: CallRecord) => void>;
  readonly killers: readonly ((accessKeyId: string) => void)[];
  readonly serviceNamed: (name: string) => WiredService;
  readonly stateOf: (service: Service, account: string, region?: string) => unknown;
  readonly authorize: Authorizer;
  readonly cloud: () => Cloud;
}): RunCall {
  const { clock, log, faults, watchers, killers, serviceNamed, stateOf, authorize, cloud } = deps;
  const injectFault = (rule: FaultRule | undefined, accessKeyId: string | undefined): void => {
    if (rule === undefined) return;
    if (rule.crash && accessKeyId !== undefined) {
      for (const kill of killers) kill(accessKeyId);
      throw new CallerCrash(`The caller of the call crashed: ${rule.error.message}`);
    }
    throw rule.error;
  };

  return async (invocation, request) => {
    const { service, schema } = serviceNamed(invocation.service);
    const { principal, region } = invocation;
    const account = invocation.account ?? accountOf(principal);
    const subject = {
      account,
      service: service.name,
      operation: invocation.operation,
      principal: principalName(principal),
    };
    const record = { ...invocation, service: service.name, account, time: clock.now() };
    try {
      const operation = service.operations[invocation.operation] as
        | Operation<unknown, unknown, unknown>
        | undefined;
      const known = schema.operations.get(invocation.operation);
      if (operation === undefined)
        throw notImplemented(service, invocation.operation, known !== undefined, log);
      if (known !== undefined) requireMembers(known.input, invocation.input);
      injectFault(faults.take(subject, "before"), request.accessKeyId);
      const context: Call<unknown> = {
        principal,
        account,
        region,
        requestId: request.requestId,
        sourceIp: request.sourceIp,
        state: stateOf(service, account, region),
        stateOf: (otherAccount, otherRegion) => stateOf(service, otherAccount, otherRegion ?? region),
        clock,
        cloud: cloud(),
      };
      const requests = [operation.access(invocation.input, context)].flat() as readonly AccessRequest[];
      for (const asked of requests) {
        const decision = authorize(principal, asked, {
          account,
          region,
          now: clock.now(),
          sourceIp: request.sourceIp,
          secure: true,
        });
        if (!decision.allowed) throw denied(service, decision.message);
      }
      const output = await operation.run(invocation.input, context);
      injectFault(faults.take(subject, "after"), request.accessKeyId);
      for (const watch of watchers) watch(record);
      return output;
    } catch (error) {
      const code = error instanceof AwsError ? error.code : "InternalFailure";
      for (const watch of watchers) watch({ ...record, error: code });
      throw error;
    }
  };
}
