import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CreateQueueCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { expect, it } from "vitest";
import { testCloud } from "#cloud/testing/cloud.ts";

it("a cloud whose clock was pushed is not set back by a restart: what was sent then is there at once", async () => {
  const dataDir = await mkdtemp(join(tmpdir(), "restart-"));
  try {
    let QueueUrl: string | undefined;
    {
      await using before = await testCloud({ dataDir });
      const sqs = before.client(SQSClient, "111111111111");
      ({ QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: "q" })));
      await before.clock.push(3600_000);
      await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "later" }));
    }
    await using after = await testCloud({ dataDir });
    const sqs = after.client(SQSClient, "111111111111");
    const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl }));
    expect(Messages?.map(({ Body }) => Body)).toEqual(["later"]);
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
});
