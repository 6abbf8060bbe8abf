/** Implements PutEvents: puts custom events on buses, and accepts or rejects each entry on its own. */
import { randomUUID } from "node:crypto";
import type * as events from "@aws-sdk/client-eventbridge";
import { AwsError } from "#cloud/kernel/aws-error.ts";
import type { Call, OperationOf } from "#cloud/kernel/service.ts";
import { busAccess, busLocation, getBus } from "./find-bus.ts";
import { receiveEvent } from "./receive-event.ts";
import type { BusEvent, EventsState } from "./state.ts";

/**
 * The entries of a call have less than 256 KB together (EventBridge API Reference, PutEvents, and the service model in
 * botocore 1.43.11; docs/aws-assumptions.md).
 */
const BYTES = 262_144;

/**
 * The unchanged event that one bus forwards to another. Only calls from within the cloud can carry this
 * member.
 */
type Forwarded = { readonly $forwarded?: { readonly event: BusEvent; readonly hops: number } };

export const putEvents: OperationOf<typeof events, EventsState, "PutEvents"> = {
  access: ({ Entries = [] }, call) =>
    Entries.map(({ EventBusName, Source, DetailType }) =>
      busAccess("PutEvents", EventBusName, call, {
        "events:source": Source,
        "events:detail-type": DetailType,
        "events:eventBusInvocation": "false",
      }),
    ),
  run: (input, call) => {
    const { Entries = [] } = input;
    const { $forwarded } = input as Forwarded;
    if ($forwarded !== undefined) {
      deliver(Entries[0]?.EventBusName, $forwarded.event, $forwarded.hops, call);
      return { FailedEntryCount: 0, Entries: [{ EventId: $forwarded.event.id }] };
    }
    if (Entries.reduce((sum, entry) => sum + sizeOf(entry), 0) >= BYTES)
      throw new AwsError(
        "ValidationException",
        "Total size of the entries in the request is over the limit.",
      );
    const results = Entries.map((entry) => putOne(entry, call));
    return { FailedEntryCount: results.filter((result) => "ErrorCode" in result).length, Entries: results };
  },
};

const sizeOf = ({
  Time,
  Source = "",
  DetailType = "",
  Detail = "",
  Resources = [],
}: events.PutEventsRequestEntry): number =>
  (Time === undefined ? 0 : 14) + Buffer.byteLength(Source + DetailType + Detail + Resources.join(""));

function putOne(entry: events.PutEventsRequestEntry, call: Call<EventsState>): events.PutEventsResultEntry {
  const { Source, DetailType, Detail } = entry;
  for (const [name, value] of Object.entries({ Source, DetailType, Detail }))
    if (value === undefined || value === "")
      return {
        ErrorCode: "InvalidArgument",
        ErrorMessage: `Parameter ${name} is not valid. Reason: ${name} is a required argument.`,
      };
  if (Source?.startsWith("aws."))
    return { ErrorCode: "NotAuthorizedForSource", ErrorMessage: "Not authorized for the source." };
  let detail: unknown;
  try {
    detail = JSON.parse(Detail ?? "");
  } catch {
    detail = undefined;
  }
  if (typeof detail !== "object" || detail === null || Array.isArray(detail))
    return { ErrorCode: "MalformedDetail", ErrorMessage: "Detail is malformed." };
  const location = busLocation(entry.EventBusName, call);
  const event: BusEvent = {
    version: "0",
    id: randomUUID(),
    "detail-type": DetailType ?? "",
    source: Source ?? "",
    account: call.account,
    time: (entry.Time ?? call.clock.now()).toISOString().replace(/\.\d+Z$/, "Z"),
    region: location.region,
    resources: entry.Resources ?? [],
    detail,
  };
  deliver(entry.EventBusName, event, 0, call);
  return { EventId: event.id };
}

function deliver(bus: string | undefined, event: BusEvent, hops: number, call: Call<EventsState>): void {
  const { account, region, name } = busLocation(bus, call);
  const state = call.stateOf(account, region);
  // As on AWS, an event for a missing bus is accepted and lost.
  if (getBus(state, name) !== undefined)
    receiveEvent(name, event, hops, { state, clock: call.clock, cloud: call.cloud, stateOf: call.stateOf });
}
