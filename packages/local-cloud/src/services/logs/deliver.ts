/**
 * Sends new log events to the functions of a group's subscription filters (CloudWatch Logs User Guide, "Subscription
 * filters with AWS Lambda": base64 of a gzip of JSON).
 */
import { randomUUID } from "node:crypto";
import { gzipSync } from "node:zlib";
import type { Call } from "#cloud/kernel/service.ts";
import { matchesFilter, parseFilter } from "./filter-pattern.ts";
import type { LogEvent, LogsState, Stream, SubscriptionFilter } from "./state.ts";
import { filtersOf, logsPrincipal } from "./subscription-filters.ts";

export function deliverToSubscribers(
  stream: Stream,
  events: readonly LogEvent[],
  call: Call<LogsState>,
): void {
  for (const filter of filtersOf(call.state, stream.group)) {
    const pattern = parseFilter(filter.pattern);
    const matching = events.filter(({ message }) => matchesFilter(pattern, message));
    if (matching.length > 0)
      call.cloud.spawn(`subscription filter ${filter.name}`, () => deliver(filter, stream, matching, call));
  }
}

async function deliver(
  filter: SubscriptionFilter,
  stream: Stream,
  events: readonly LogEvent[],
  { cloud, account, region, state }: Call<LogsState>,
): Promise<void> {
  const group = state.groups.get(stream.group);
  if (group === undefined) return;
  const message = {
    messageType: "DATA_MESSAGE",
    owner: account,
    logGroup: stream.group,
    logStream: stream.name,
    subscriptionFilters: [filter.name],
    logEvents: events.map(({ timestamp, message }) => ({ id: randomUUID(), timestamp, message })),
  };
  const data = gzipSync(JSON.stringify(message)).toString("base64");
  const [, , , where = region, owner = account] = filter.destinationArn.split(":");
  await cloud.invoke({
    service: "lambda",
    operation: "Invoke",
    input: {
      FunctionName: filter.destinationArn,
      InvocationType: "Event",
      Payload: Buffer.from(JSON.stringify({ awslogs: { data } })),
    },
    principal: logsPrincipal(filter.service, group, account),
    account: owner,
    region: where,
  });
}
