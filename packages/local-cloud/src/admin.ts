/**
 * Serves `/_cloud/…`, the cloud's own API for functions that AWS has no API for: health, reset, the clock,
 * faults, and the calls made.
 */
import type { IncomingMessage } from "node:http";
import { clockFields, faultFields, readBody } from "./admin-body.ts";
import { AwsError } from "./kernel/aws-error.ts";
import type { Kernel } from "./kernel/cloud.ts";
import type { CallRecord } from "./kernel/cloud-type.ts";
import type { FaultRule } from "./kernel/faults.ts";
import { principalName } from "./kernel/principal.ts";
import { bytesOf, type WireResponse } from "./wire/wire.ts";

type AdminOptions = {
  readonly kernel: () => Kernel;
  readonly health: () => Readonly<Record<string, unknown>>;
  readonly reset: () => Promise<void>;
  readonly calls: () => readonly RememberedCall[];
};

export type RememberedCall = Omit<CallRecord, "input">;

type Route = (body: string) => unknown;

export function createAdmin(
  options: AdminOptions,
): (request: IncomingMessage, path: string) => Promise<WireResponse> {
  const clock = () => options.kernel().cloud.clock;
  const routes: Readonly<Record<string, Route>> = {
    "GET /_cloud/health": () => options.health(),
    "POST /_cloud/reset": async (body) => {
      readBody(body, {});
      await options.reset();
      return { status: "reset" };
    },
    "GET /_cloud/clock": () => ({ now: clock().now().toISOString(), next: clock().next()?.toISOString() }),
    "POST /_cloud/clock": async (body) => {
      await clock().push(Number(readBody(body, clockFields, ["push"])["push"]));
      return { now: clock().now().toISOString() };
    },
    "POST /_cloud/faults": (body) => {
      options.kernel().cloud.faults.add(faultOf(readBody(body, faultFields, ["when"])));
      return { status: "added" };
    },
    "DELETE /_cloud/faults": () => {
      options.kernel().cloud.faults.clear();
      return { status: "cleared" };
    },
    "GET /_cloud/calls": () =>
      options.calls().map(({ principal, time, ...call }) => ({
        ...call,
        principal: principalName(principal),
        time: time.toISOString(),
      })),
  };
  return async (request, path) => {
    const route = routes[`${request.method} ${path}`];
    if (route === undefined)
      return json(404, {
        error: `No ${request.method} ${path}; there are: ${Object.keys(routes).join(", ")}`,
      });
    const text = (await bytesOf(request)).toString("utf8");
    try {
      return json(200, await route(text));
    } catch (error) {
      if (error instanceof AwsError) return json(error.status, { error: error.message });
      if (error instanceof SyntaxError) return json(400, { error: error.message });
      throw error;
    }
  };
}

function faultOf({ code, message, status, crash, ...rule }: Readonly<Record<string, unknown>>): FaultRule {
  const error = new AwsError(
    String(code ?? "ThrottlingException"),
    String(message ?? "Rate exceeded"),
    Number(status ?? 400),
  );
  return { ...(rule as Pick<FaultRule, "when">), error, crash: crash === true };
}

const json = (status: number, value: unknown): WireResponse => ({
  status,
  headers: { "content-type": "application/json" },
  body: `${JSON.stringify(value)}\n`,
});
