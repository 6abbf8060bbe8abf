/** Finds a queue by its URL or ARN, and builds the access requests of calls on it. */
import type { AccessRequest } from "#cloud/kernel/access.ts";
import { AwsError } from "#cloud/kernel/aws-error.ts";
import type { Call } from "#cloud/kernel/service.ts";
import { queueDoesNotExist } from "./errors.ts";
import type { Queue, SqsState } from "./state.ts";

type Location = { readonly account: string; readonly name: string };

export type FoundQueue = { readonly queue: Queue; readonly state: SqsState };

export const queueArn = (region: string, location: Location): string =>
  `arn:aws:sqs:${region}:${location.account}:${location.name}`;

export const queueUrl = (call: Call<SqsState>, location: Location): string =>
  `${call.cloud.endpoint()}/${location.account}/${location.name}`;

/** Reads the account and name at the end of a queue URL. A bare name is a queue of the caller's account. */
function locationOf(url: string | undefined, call: Call<SqsState>): Location {
  const match = /^(?:[a-z]+:\/\/[^/]+)?(?:\/queue\/[^/]+)?\/?(\d{12})\/([^/]+)\/?$/.exec(url ?? "");
  if (match !== null) return { account: match[1] ?? "", name: match[2] ?? "" };
  if (/^[\w-]{1,80}(\.fifo)?$/.test(url ?? "")) return { account: call.account, name: url ?? "" };
  throw new AwsError("InvalidAddress", `The address ${url} is not valid for this endpoint.`, 404);
}

export function locationOfArn(
  arn: string,
): { readonly location: Location; readonly region: string } | undefined {
  const [prefix, , service, region = "", account = "", name = ""] = arn.split(":");
  return prefix === "arn" && service === "sqs" && /^\d{12}$/.test(account) && name !== ""
    ? { location: { account, name }, region }
    : undefined;
}

export function findQueue(url: string | undefined, call: Call<SqsState>): FoundQueue {
  const location = locationOf(url, call);
  const state = call.stateOf(location.account);
  const queue = state.queues.get(location.name);
  if (queue === undefined) throw queueDoesNotExist();
  return { queue, state };
}

/**
 * Builds the access request for `action` on the queue at `url`. The queue policy applies even to a queue of
 * another account.
 */
export function queueAccess(action: string, url: string | undefined, call: Call<SqsState>): AccessRequest {
  const location = locationOf(url, call);
  const queue = call.stateOf(location.account).queues.get(location.name);
  return {
    action: `sqs:${action}`,
    resource: queueArn(call.region, location),
    resourceAccount: location.account,
    resourcePolicy: queue?.attributes["Policy"],
    ...(queue && { tags: queue.tags }),
  };
}
