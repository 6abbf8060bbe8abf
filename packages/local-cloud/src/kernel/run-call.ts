/** Lets one call through: inject a fault, ask for access, run the operation, inject a fault, report the call to its watchers. */

import { constraints } from "#cloud/service-models/known-constraints.ts";
import { checkMembers } from "#cloud/service-models/member-constraints.ts";
import type { WiredService } from "#cloud/wire/wire.ts";
import type { AccessRequest, Authorizer } from "./access.ts";
import { AwsError } from "./aws-error.ts";
import { accountOf } from "./caller.ts";
import type { Clock } from "./clock.ts";
import type { Cloud, Invocation } from "./cloud-type.ts";
import type { createFaults, FaultRule } from "./faults.ts";
import type { Listeners } from "./listeners.ts";
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

type Deps = Pick<Listeners, "reportCall" | "killCaller"> & {
  readonly clock: Clock;
  readonly log: (line: string) => void;
  readonly faults: ReturnType<typeof createFaults>;
  readonly serviceNamed: (name: string) => WiredService;
  readonly stateOf: (service: Service, account: string, region?: string) => unknown;
  readonly authorize: Authorizer;
  readonly cloud: () => Cloud;
};

export function createCall(deps: Deps): RunCall {
  const { clock, faults, reportCall, killCaller, serviceNamed, stateOf } = deps;
  return async (invocation, { requestId, sourceIp, accessKeyId }) => {
    const wired = serviceNamed(invocation.service);
    const { service } = wired;
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
      const operation = findOperation(wired, invocation, deps.log);
      injectFault(faults.take(subject, "before"), accessKeyId, killCaller);
      const context: Call<unknown> = {
        ...{ principal, account, region, requestId, sourceIp, clock },
        state: stateOf(service, account, region),
        stateOf: (otherAccount, otherRegion) => stateOf(service, otherAccount, otherRegion ?? region),
        cloud: deps.cloud(),
      };
      const requests = [operation.access(invocation.input, context)].flat() as readonly AccessRequest[];
      requireAccess(deps.authorize, service, requests, context);
      const output = await operation.run(invocation.input, context);
      injectFault(faults.take(subject, "after"), accessKeyId, killCaller);
      reportCall(record);
      return output;
    } catch (error) {
      const code = error instanceof AwsError ? error.code : "InternalFailure";
      reportCall({ ...record, error: code });
      throw error;
    }
  };
}

/** Finds the operation, and rejects an input that violates the service's model. */
function findOperation(
  { service, schema }: WiredService,
  { operation: name, input }: Invocation,
  log: (line: string) => void,
): Operation<unknown, unknown, unknown> {
  const operation = service.operations[name] as Operation<unknown, unknown, unknown> | undefined;
  const known = schema.operations.get(name);
  if (operation === undefined) throw notImplemented(service, name, known !== undefined, log);
  if (known !== undefined)
    checkMembers(constraints.of(schema.namespace), known.input, input, {
      code:
        service.invalidCode ?? (service.protocols[0] === "query" ? "ValidationError" : "ValidationException"),
      missing: service.missingMember,
    });
  return operation;
}

function injectFault(
  rule: FaultRule | undefined,
  accessKeyId: string | undefined,
  killCaller: (accessKeyId: string) => void,
): void {
  if (rule === undefined) return;
  if (rule.crash && accessKeyId !== undefined) {
    killCaller(accessKeyId);
    throw new CallerCrash(`The caller of the call crashed: ${rule.error.message}`);
  }
  throw rule.error;
}

/** Rejects the call unless every one of its requests is allowed. */
function requireAccess(
  authorize: Authorizer,
  service: Service,
  requests: readonly AccessRequest[],
  { principal, account, region, clock, sourceIp }: Call<unknown>,
): void {
  for (const asked of requests) {
    const decision = authorize(principal, asked, {
      account,
      region,
      now: clock.now(),
      sourceIp,
      secure: true,
    });
    if (!decision.allowed) throw denied(service, decision.message);
  }
}
