/**
 * Serves `/_cloud/…`, the cloud's own API for functions that AWS has no API for: health, reset, the clock,
 * faults, and the calls made.
 */
import type { IncomingMessage } from "node:http";
import { AwsError } from "./kernel/aws-error.ts";
import type { Kernel } from "./kernel/cloud.ts";
import type { CallRecord } from "./kernel/cloud-type.ts";
import { principalName } from "./kernel/principal.ts";
import { bytesOf, type WireResponse } from "./wire/wire.ts";

type AdminOptions = {
  readonly kernel: () => Kernel;
  readonly health: () => Readonly<Record<string, unknown>>;
  readonly reset: () => Promise<void>;
  readonly calls: () => readonly RememberedCall[];
};

export type RememberedCall = Omit<CallRecord, "input">;

type Route = (body: Record<string, unknown>) => unknown;

export function createAdmin(
  options: AdminOptions,
): (request: IncomingMessage, path: string) => Promise<WireResponse> {
  const clock = () => options.kernel().cloud.clock;
  const routes: Readonly<Record<string, Route>> = {
    "GET /_cloud/health": () => options.health(),
    "POST /_cloud/reset": async () => {
      await options.reset();
      return { status: "reset" };
    },
    "GET /_cloud/clock": () => ({ now: clock().now().toISOString(), next: clock().next()?.toISOString() }),
    "POST /_cloud/clock": async ({ push }) => {
      if (typeof push !== "number" || !(push >= 0))
        throw new AwsError(
          "ValidationException",
          `push is ${JSON.stringify(push)}; expected how many milliseconds to move the clock forward`,
        );
      await clock().push(push);
      return { now: clock().now().toISOString() };
    },
    "POST /_cloud/faults": ({ code, message, status, when, crash, ...rest }) => {
      if (when !== "before" && when !== "after")
        throw new AwsError(
          "ValidationException",
          `when is ${JSON.stringify(when)}; expected "before" or "after" (the call's effect)`,
        );
      const error = new AwsError(
        String(code ?? "ThrottlingException"),
        String(message ?? "Rate exceeded"),
        Number(status ?? 400),
      );
      options.kernel().cloud.faults.add({ ...rest, when, error, crash: crash === true });
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
      return json(200, await route(text === "" ? {} : (JSON.parse(text) as Record<string, unknown>)));
    } catch (error) {
      if (error instanceof AwsError || error instanceof SyntaxError)
        return json(400, { error: error.message });
      throw error;
    }
  };
}

const json = (status: number, value: unknown): WireResponse => ({
  status,
  headers: { "content-type": "application/json" },
  body: `${JSON.stringify(value)}\n`,
});
