/** Puts the events of lines on the anchor's event bus. */
import { type EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import type { LineEvents } from "#ports/line-events.ts";
import { eventBus, eventSource } from "#release/names/deployed-names.ts";

class EventNotPublished extends Error {
  override name = "EventNotPublished";
}

export const lineEventsEventbridge = (events: EventBridgeClient): LineEvents => ({
  publish: async (event) => {
    const entry = {
      EventBusName: eventBus,
      Source: eventSource,
      DetailType: event.type,
      Detail: JSON.stringify(event),
      Time: new Date(event.at),
    };
    const { FailedEntryCount = 0, Entries = [] } = await events.send(
      new PutEventsCommand({ Entries: [entry] }),
    );
    if (FailedEntryCount === 0) return;
    const { ErrorCode, ErrorMessage } = Entries[0] ?? {};
    throw new EventNotPublished(`The event ${event.type} of ${event.key}: ${ErrorCode} ${ErrorMessage}`);
  },
});
