/**
 * Sends the result of an asynchronous invocation to a queue, topic, function or event bus, as the function's
 * role.
 */
import { isAwsError } from "#cloud/kernel/aws-error.ts";
import { servicePrincipal } from "#cloud/kernel/principal.ts";
import type { LambdaDeps } from "./deps.ts";
import { sessionName } from "./function-name.ts";
import type { Finished } from "./run-function.ts";
import type { QueuedEvent, Version } from "./state.ts";

type Result = {
  readonly event: QueuedEvent;
  readonly version: Version;
  readonly finished: Finished;
  readonly condition: string;
  readonly arn: string;
};

export async function deliverResult(target: string, result: Result, deps: LambdaDeps): Promise<void> {
  const { event, finished } = result;
  const record = {
    version: "1.0",
    timestamp: deps.clock.now().toISOString(),
    requestContext: {
      requestId: event.id,
      functionArn: result.arn,
      condition: result.condition,
      approximateInvokeCount: event.attempts + 1,
    },
    requestPayload: JSON.parse(event.payload) as unknown,
    responseContext: {
      statusCode: 200,
      executedVersion: finished.version,
      ...(finished.failed && { functionError: "Unhandled" }),
    },
    responsePayload: JSON.parse(finished.payload) as unknown,
  };
  const detailType = `Lambda Function Invocation Result - ${finished.failed ? "Failure" : "Success"}`;
  await deliver(
    target,
    JSON.stringify(record),
    {},
    { source: "lambda", detailType, resources: [target, result.arn] },
    result,
    deps,
  );
}

export async function deliverDeadLetter(target: string, result: Result, deps: LambdaDeps): Promise<void> {
  const fault = JSON.parse(result.finished.payload) as { errorMessage?: string };
  const attributes = {
    RequestID: { DataType: "String", StringValue: result.event.id },
    ErrorCode: { DataType: "Number", StringValue: "200" },
    ErrorMessage: { DataType: "String", StringValue: (fault.errorMessage ?? "unknown").slice(0, 1024) },
  };
  await deliver(target, result.event.payload, attributes, undefined, result, deps);
}

async function deliver(
  target: string,
  body: string,
  attributes: Readonly<Record<string, unknown>>,
  busEvent:
    | { readonly source: string; readonly detailType: string; readonly resources: readonly string[] }
    | undefined,
  { version, arn }: Result,
  { cloud }: LambdaDeps,
): Promise<void> {
  const [, , service = "", region = "", account = "", ...rest] = target.split(":");
  const name = rest.join(":");
  const requests: Readonly<Record<string, readonly [string, unknown]>> = {
    sqs: [
      "SendMessage",
      { QueueUrl: `/${account}/${name}`, MessageBody: body, MessageAttributes: attributes },
    ],
    sns: ["Publish", { TopicArn: target, Message: body, MessageAttributes: attributes }],
    lambda: ["Invoke", { FunctionName: target, InvocationType: "Event", Payload: Buffer.from(body) }],
    events: [
      "PutEvents",
      {
        Entries: [
          {
            EventBusName: target,
            Source: busEvent?.source,
            DetailType: busEvent?.detailType,
            Resources: busEvent?.resources,
            Detail: body,
          },
        ],
      },
    ],
  };
  const request = requests[service];
  try {
    if (request === undefined) return;
    const { session } = await cloud.assumeRole({
      roleArn: version.role,
      sessionName: sessionName(version.name),
      principal: servicePrincipal("lambda.amazonaws.com", { sourceAccount: version.account, sourceArn: arn }),
      region: version.region,
    });
    await cloud.invoke({
      service,
      operation: request[0],
      input: request[1],
      principal: session,
      account,
      region,
    });
  } catch (error) {
    if (!isAwsError(error)) throw error;
    cloud.log(`lambda: the result of ${arn} could not be sent to ${target}: ${error.code}: ${error.message}`);
  }
}
