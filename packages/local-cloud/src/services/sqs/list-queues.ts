/**
 * ListQueues returns the URLs of queues by name prefix. ListDeadLetterSourceQueues returns the queues that
 * use a given dead-letter queue.
 */
import type * as sqs from "@aws-sdk/client-sqs";
import type { Call, OperationOf } from "#cloud/kernel/service.ts";
import { invalidValue } from "./errors.ts";
import { findQueue, queueAccess, queueArn, queueUrl } from "./find-queue.ts";
import { redriveOf } from "./live-queue.ts";
import type { Queue, SqsState } from "./state.ts";

export const listQueues: OperationOf<typeof sqs, SqsState, "ListQueues"> = {
  access: (_input, call) => ({
    action: "sqs:ListQueues",
    resource: queueArn(call.region, { account: call.account, name: "" }),
  }),
  run: ({ QueueNamePrefix = "", MaxResults, NextToken }, call) => {
    const { urls, next } = page(
      [...call.state.queues.values()].filter(({ name }) => name.startsWith(QueueNamePrefix)),
      MaxResults,
      NextToken,
      call,
    );
    // SQS omits an empty list.
    return { ...(urls.length > 0 && { QueueUrls: urls }), ...(next && { NextToken: next }) };
  },
};

export const listDeadLetterSourceQueues: OperationOf<typeof sqs, SqsState, "ListDeadLetterSourceQueues"> = {
  access: ({ QueueUrl }, call) => queueAccess("ListDeadLetterSourceQueues", QueueUrl, call),
  run: ({ QueueUrl, MaxResults, NextToken }, call) => {
    const { queue, state } = findQueue(QueueUrl, call);
    const sources = [...state.queues.values()].filter(
      (source) => redriveOf(source)?.deadLetterTargetArn === queue.arn,
    );
    const { urls, next } = page(sources, MaxResults, NextToken, call);
    return { queueUrls: urls, ...(next && { NextToken: next }) };
  },
};

function page(
  queues: readonly Queue[],
  maxResults: number | undefined,
  token: string | undefined,
  call: Call<SqsState>,
): { readonly urls: string[]; readonly next: string | undefined } {
  if (maxResults !== undefined && (maxResults < 1 || maxResults > 1000))
    throw invalidValue(maxResults, "MaxResults", "Must be between 1 and 1000, if provided.");
  if (token !== undefined && maxResults === undefined)
    throw invalidValue(
      token,
      "NextToken",
      "MaxResults is a mandatory parameter when you provide a value for NextToken.",
    );
  const after = token === undefined ? "" : Buffer.from(token, "base64").toString("utf8");
  const sorted = queues
    .filter(({ name }) => name > after)
    .sort((left, right) => (left.name < right.name ? -1 : 1));
  const shown = sorted.slice(0, maxResults ?? 1000);
  const last = shown.at(-1);
  return {
    urls: shown.map((queue) => queueUrl(call, queue)),
    next:
      maxResults !== undefined && sorted.length > shown.length && last !== undefined
        ? Buffer.from(last.name).toString("base64")
        : undefined,
  };
}
