/**
 * Checks the settings of an event source mapping, and that its queue exists and the function's role may read
 * from it.
 */
import type { CreateEventSourceMappingCommandInput } from "@aws-sdk/client-lambda";
import { parsePattern } from "#cloud/event-pattern/parse-pattern.ts";
import { isAwsError } from "#cloud/kernel/aws-error.ts";
import { servicePrincipal } from "#cloud/kernel/principal.ts";
import type { Call } from "#cloud/kernel/service.ts";
import { constraint, invalidParameter } from "./errors.ts";
import { functionArn, sessionName } from "./function-name.ts";
import type { LambdaState, Mapping, Version } from "./state.ts";

type Rules = Pick<
  Mapping,
  "batchSize" | "windowSeconds" | "partialFailures" | "filters" | "maximumConcurrency"
>;

export function readMapping(
  input: Pick<
    CreateEventSourceMappingCommandInput,
    | "BatchSize"
    | "MaximumBatchingWindowInSeconds"
    | "ScalingConfig"
    | "FunctionResponseTypes"
    | "FilterCriteria"
  >,
  fifo: boolean,
): Partial<Rules> {
  const { BatchSize: size, MaximumBatchingWindowInSeconds: window, ScalingConfig } = input;
  if (size !== undefined && (size < 1 || size > 10_000))
    throw constraint(size, "batchSize", "Member must have value between 1 and 10000");
  if (size !== undefined && size > 10) {
    if (fifo) throw invalidParameter(`Batch size ${size} is not supported for FIFO queues: maximum is 10.`);
    if (window === undefined || window < 1)
      throw invalidParameter(
        "Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10",
      );
  }
  if (window !== undefined && (window < 0 || window > 300))
    throw constraint(window, "maximumBatchingWindowInSeconds", "Member must have value between 0 and 300");
  if (fifo && window !== undefined && window > 0)
    throw invalidParameter("Batching window is not supported for FIFO queues");
  const concurrency = ScalingConfig?.MaximumConcurrency;
  if (concurrency !== undefined && (concurrency < 2 || concurrency > 1000))
    throw constraint(
      concurrency,
      "scalingConfig.maximumConcurrency",
      "Member must have value between 2 and 1000",
    );
  const filters = input.FilterCriteria?.Filters?.map(({ Pattern = "" }) => Pattern);
  if (filters !== undefined && filters.length > 10)
    throw invalidParameter("FilterCriteria has more than 10 filters.");
  for (const filter of filters ?? []) {
    try {
      parsePattern(filter);
    } catch {
      throw invalidParameter("Invalid filter pattern definition.");
    }
  }
  return {
    ...(size !== undefined && { batchSize: size }),
    ...(window !== undefined && { windowSeconds: window }),
    ...(input.FunctionResponseTypes !== undefined && {
      partialFailures: input.FunctionResponseTypes.includes("ReportBatchItemFailures"),
    }),
    ...(filters !== undefined && { filters }),
    ...(concurrency !== undefined && { maximumConcurrency: concurrency }),
  };
}

/**
 * Makes the poller's calls to SQS with input that has no effect. SQS checks the permissions before it checks
 * the input.
 */
export async function checkSource(
  sourceArn: string,
  version: Version,
  call: Call<LambdaState>,
): Promise<void> {
  const [, , , region = "", account = "", queue = ""] = sourceArn.split(":");
  if (region !== call.region)
    throw invalidParameter(
      `The event source arn (" ${sourceArn} ") and function must be in the same region.`,
    );
  const { session } = await call.cloud.assumeRole({
    roleArn: version.role,
    sessionName: sessionName(version.name),
    principal: servicePrincipal("lambda.amazonaws.com", {
      sourceAccount: version.account,
      sourceArn: functionArn({ ...version, qualifier: undefined }),
    }),
    region,
  });
  const QueueUrl = `/${account}/${queue}`;
  const ask = async (operation: string, input: object): Promise<unknown> => {
    try {
      return await call.cloud.invoke({
        service: "sqs",
        operation,
        input: { QueueUrl, ...input },
        principal: session,
        account,
        region,
      });
    } catch (error) {
      if (isAwsError(error, "QueueDoesNotExist"))
        throw invalidParameter(
          `Error occurred while ReceiveMessage. SQS Error Code: AWS.SimpleQueueService.NonExistentQueue. SQS Error Message: ${error.message}`,
        );
      if (isAwsError(error, "AccessDenied", "AccessDeniedException"))
        throw invalidParameter(
          `The function execution role does not have permissions to call ${operation} on SQS`,
        );
      if (isAwsError(error)) return undefined;
      throw error;
    }
  };
  await ask("ReceiveMessage", { MaxNumberOfMessages: 0 });
  await ask("DeleteMessage", { ReceiptHandle: "none" });
  const answer = (await ask("GetQueueAttributes", { AttributeNames: ["VisibilityTimeout"] })) as
    | { Attributes?: Record<string, string> }
    | undefined;
  const visibility = Number(answer?.Attributes?.["VisibilityTimeout"] ?? 30);
  if (visibility < version.timeout)
    throw invalidParameter(
      `Queue visibility timeout: ${visibility} seconds is less than Function timeout: ${version.timeout} seconds`,
    );
}
