import { CloudWatchClient, SetAlarmStateCommand } from "@aws-sdk/client-cloudwatch";
import { DescribeKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import { GetQueueUrlCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { expect, it } from "vitest";
import { cloudwatch } from "#cloud/services/cloudwatch/service.ts";
import { kms } from "#cloud/services/kms/service.ts";
import { sqs } from "#cloud/services/sqs/service.ts";
import { ssm } from "#cloud/services/ssm/service.ts";
import { testCloud } from "#cloud/testing/cloud.ts";

type Seen = {
  readonly name: string;
  readonly $metadata: { readonly httpStatusCode: number };
  readonly $response: { readonly headers: Readonly<Record<string, string>> };
};

const seenBy = async (call: () => Promise<unknown>) => {
  const error = (await call().then(
    () => undefined,
    (cause: unknown) => cause,
  )) as Seen;
  return [
    error.name,
    error.$metadata.httpStatusCode,
    error.$response.headers["x-amzn-query-error"] ?? "no header",
  ];
};

it("answers errors with AWS's status, and with the Query code only where the service had that protocol", async () => {
  await using cloud = await testCloud({ services: [cloudwatch, kms, sqs, ssm] });
  const account = "111111111111";
  const queue = cloud.client(SQSClient, account);
  const calls = {
    kms: () => cloud.client(KMSClient, account).send(new DescribeKeyCommand({ KeyId: "alias/none" })),
    ssm: () => cloud.client(SSMClient, account).send(new GetParameterCommand({ Name: "none" })),
    sqs: () => queue.send(new GetQueueUrlCommand({ QueueName: "none" })),
    receive: () => queue.send(new ReceiveMessageCommand({ QueueUrl: `${cloud.endpoint}/${account}/none` })),
    cloudwatch: () =>
      cloud
        .client(CloudWatchClient, account)
        .send(new SetAlarmStateCommand({ AlarmName: "none", StateValue: "OK", StateReason: "x" })),
  };
  const missing = ["QueueDoesNotExist", 400, "AWS.SimpleQueueService.NonExistentQueue;Sender"];
  const seen: Record<string, unknown> = {};
  for (const [name, call] of Object.entries(calls)) seen[name] = await seenBy(call);
  expect(seen).toEqual({
    kms: ["NotFoundException", 400, "no header"],
    ssm: ["ParameterNotFound", 400, "no header"],
    sqs: missing,
    receive: missing,
    cloudwatch: ["ResourceNotFound", 400, "ResourceNotFound;Sender"],
  });
});
