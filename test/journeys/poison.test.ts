/**
 * Messages that can never be handled go to the dead letters at once, with their reason. Neither later
 * messages of the same line nor other lines wait for them. The test uses the strict estate, because no other
 * test counts its dead letters.
 */
import { GetQueueUrlCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { expect, test } from "vitest";
import { lineName } from "#release/names/names.ts";
import { estate, shopLine, type TestEstate, until } from "#test/support/estate.ts";
import { kedge } from "#test/support/kedge.ts";

const central = "101010101010";

async function send(
  shop: TestEstate,
  account: string,
  QueueName: string,
  MessageBody: string,
  group?: string,
) {
  const sqs = shop.clients(SQSClient, account);
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName }));
  const fifo = { MessageGroupId: group, MessageDeduplicationId: `poison-${group}` };
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody, ...(group !== undefined && fifo) }));
}

/** Waits until `kedge redrive` lists the message, and returns its entry. */
const deadLettered = (shop: TestEstate, account: string, queue: string, body: string) =>
  until(`${body} among the dead letters of ${queue}`, async () => {
    const { stdout } = await kedge(["redrive", "--queue", queue, "--json"], { shop, account });
    const found = JSON.parse(stdout) as readonly { readonly about: string; readonly why: string }[];
    return found.find(({ about }) => about === body);
  });

/** A rejected result shows that the message was handled, and needs no artifact. */
const rejected = async (shop: TestEstate, app: string): Promise<string> => {
  const line = shopLine(app, "feature/x");
  const version = await shop.upload(line, Buffer.from("no zip"));
  return (await shop.result(line, version)).reason.code;
};

test("an unreadable message on a line's queue goes to the dead letters, and the line and others go on", async () => {
  const shop = estate("strictEstate");
  const poison = "no JSON at all: lines";
  const line = shopLine("poisoned", "feature/x");
  await send(shop, line.account, "kedge-lines-feature.fifo", poison, lineName(line));
  expect(await Promise.all([rejected(shop, "poisoned"), rejected(shop, "neighbour")])).toEqual([
    "NotAZip",
    "NotAZip",
  ]);
  expect((await deadLettered(shop, line.account, "lines", poison)).why).toBe(
    "A message on the queue of lines is not JSON.",
  );
});

test("an unreadable message on the intake goes to the dead letters, and uploads go on", async () => {
  const shop = estate("strictEstate");
  const poison = "no JSON at all: intake";
  await send(shop, central, "kedge-intake", poison);
  expect(await rejected(shop, "behind-poison")).toBe("NotAZip");
  expect((await deadLettered(shop, central, "intake", poison)).why).toContain("cannot be read");
});
