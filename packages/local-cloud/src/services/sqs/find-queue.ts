/** From a queue's URL or ARN to the queue, its place and the access a call on it needs. */
import type { AccessRequest } from "#cloud/kernel/access.ts";
import { AwsError } from "#cloud/kernel/aws-error.ts";
import type { Call } from "#cloud/kernel/service.ts";
import { queueDoesNotExist } from "./errors.ts";
import type { Queue, SqsState } from "./state.ts";

export type Place = { readonly account: string; readonly name: string };

export type FoundQueue = { readonly queue: Queue; readonly state: SqsState };

export const queueArn = (region: string, place: Place): string =>
  `arn:aws:sqs:${region}:${place.account}:${place.name}`;

export const queueUrl = (call: Call<SqsState>, place: Place): string =>
  `${call.cloud.endpoint()}/${place.account}/${place.name}`;

/** The account and name at the end of a queue URL; a bare name is a queue of the caller's account. */
export function placeOf(url: string | undefined, call: Call<SqsState>): Place {
  const match = /^(?:[a-z]+:\/\/[^/]+)?(?:\/queue\/[^/]+)?\/?(\d{12})\/([^/]+)\/?$/.exec(url ?? "");
  if (match !== null) return { account: match[1] ?? "", name: match[2] ?? "" };
  if (/^[\w-]{1,80}(\.fifo)?$/.test(url ?? "")) return { account: call.account, name: url ?? "" };
  throw new AwsError("InvalidAddress", `The address ${url} is not valid for this endpoint.`, 404);
}

export function placeOfArn(arn: string): { readonly place: Place; readonly region: string } | undefined {
  const [prefix, , service, region = "", account = "", name = ""] = arn.split(":");
  return prefix === "arn" && service === "sqs" && /^\d{12}$/.test(account) && name !== ""
    ? { place: { account, name }, region }
    : undefined;
}

export function findQueue(url: string | undefined, call: Call<SqsState>): FoundQueue {
  const place = placeOf(url, call);
  const state = call.stateOf(place.account);
  const queue = state.queues.get(place.name);
  if (queue === undefined) throw queueDoesNotExist();
  return { queue, state };
}

/** What `action` on the queue at `url` asks for; its policy counts, whoever owns it. */
export function queueAccess(action: string, url: string | undefined, call: Call<SqsState>): AccessRequest {
  const place = placeOf(url, call);
  const queue = call.stateOf(place.account).queues.get(place.name);
  return {
    action: `sqs:${action}`,
    resource: queueArn(call.region, place),
    resourceAccount: place.account,
    resourcePolicy: queue?.attributes["Policy"],
    ...(queue && { tags: queue.tags }),
  };
}
