/**
 * These operations manage subscription filters, which send matching events of a log group to a function. CloudWatch Logs
 * also sends to Kinesis and Firehose, which this cloud does not have.
 */
import type * as logs from "@aws-sdk/client-cloudwatch-logs";
import { AwsError } from "#cloud/kernel/aws-error.ts";
import { servicePrincipal } from "#cloud/kernel/principal.ts";
import type { Call, OperationOf } from "#cloud/kernel/service.ts";
import { parseFilter } from "./filter-pattern.ts";
import { findGroup, groupAccess, invalid } from "./find-group.ts";
import { page } from "./page.ts";
import { type Group, type LogsState, type SubscriptionFilter, subscriptionKey } from "./state.ts";

/** CloudWatch Logs User Guide, "CloudWatch Logs quotas": subscription filters per log group. */
const PER_GROUP = 2;

export const filtersOf = ({ filters }: LogsState, group: string): readonly SubscriptionFilter[] =>
  [...filters.values()].filter((filter) => filter.group === group);

/** CloudWatch Logs as the caller of a filter's function, whose policy must allow `service`. */
export const logsPrincipal = (service: string, { arn }: Pick<Group, "arn">, account: string) =>
  servicePrincipal(service, { sourceAccount: account, sourceArn: `${arn}:*` });

/** A function's policy names CloudWatch Logs with or without the region. Both work on AWS. */
const namesIn = (region: string): readonly string[] => ["logs.amazonaws.com", `logs.${region}.amazonaws.com`];

/** Returns the service name that the policy of the function allows. */
async function tryFunction(destination: string, group: Group, call: Call<LogsState>): Promise<string> {
  const [, , service, region = call.region, account] = destination.split(":");
  if (service !== "lambda" || account === undefined)
    throw invalid(
      "Could not deliver test message to specified destination. Check if the destination is valid.",
    );
  for (const name of namesIn(region)) {
    try {
      await call.cloud.invoke({
        service,
        operation: "Invoke",
        input: { FunctionName: destination, InvocationType: "DryRun" },
        principal: logsPrincipal(name, group, call.account),
        ...{ account, region },
      });
      return name;
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
    }
  }
  throw invalid(
    "Could not execute the lambda function. Make sure you have given CloudWatch Logs permission to execute your function.",
  );
}

export const putSubscriptionFilter: OperationOf<typeof logs, LogsState, "PutSubscriptionFilter"> = {
  access: ({ logGroupName }, call) => groupAccess("PutSubscriptionFilter", logGroupName, call),
  run: async (
    { logGroupName, filterName: name = "", filterPattern: pattern = "", destinationArn = "" },
    call,
  ) => {
    const group = findGroup(logGroupName, call);
    parseFilter(pattern);
    const service = await tryFunction(destinationArn, group, call);
    const others = filtersOf(call.state, group.name).filter((filter) => filter.name !== name);
    if (others.length >= PER_GROUP) throw new AwsError("LimitExceededException", "Resource limit exceeded.");
    call.state.filters.set(subscriptionKey(group.name, name), {
      ...{ group: group.name, name, pattern, destinationArn, service },
      createdAt: call.clock.now().getTime(),
    });
    return {};
  },
};

export const describeSubscriptionFilters: OperationOf<typeof logs, LogsState, "DescribeSubscriptionFilters"> =
  {
    access: ({ logGroupName }, call) => groupAccess("DescribeSubscriptionFilters", logGroupName, call),
    run: ({ logGroupName, filterNamePrefix = "", nextToken, limit }, call) => {
      const group = findGroup(logGroupName, call);
      const found = filtersOf(call.state, group.name).filter(({ name }) => name.startsWith(filterNamePrefix));
      const { items, next } = page(found, ({ name }) => name, nextToken, limit, 50);
      return {
        subscriptionFilters: items.map((filter) => ({
          filterName: filter.name,
          logGroupName: filter.group,
          filterPattern: filter.pattern,
          destinationArn: filter.destinationArn,
          distribution: "ByLogStream" as const,
          creationTime: filter.createdAt,
        })),
        ...(next && { nextToken: next }),
      };
    },
  };

export const deleteSubscriptionFilter: OperationOf<typeof logs, LogsState, "DeleteSubscriptionFilter"> = {
  access: ({ logGroupName }, call) => groupAccess("DeleteSubscriptionFilter", logGroupName, call),
  run: ({ logGroupName, filterName = "" }, call) => {
    const key = subscriptionKey(findGroup(logGroupName, call).name, filterName);
    if (call.state.filters.get(key) === undefined)
      throw new AwsError("ResourceNotFoundException", "The specified subscription filter does not exist.");
    call.state.filters.delete(key);
    return {};
  },
};
