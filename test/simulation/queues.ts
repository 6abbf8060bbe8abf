/** The queues that invoke functions, as Lambda's pollers use them, and what a network may do to their messages. */

import { isAwsError } from "@kedge/local-cloud/kernel/aws-error";
import type { Message } from "@kedge/local-cloud/services/sqs/state";
import { functions } from "#release/names/deployed-names.ts";
import type { Poll } from "./base.ts";
import type { World } from "./cloud.ts";

/** A message of a queue as a poller holds it. */
export type Held = {
  readonly receipt: string;
  readonly id: string;
  readonly group?: string;
  readonly receives: number;
  readonly record: object;
};

export type Queues = {
  /** Receives what the function's queue gives out, at most `limit`. */
  readonly receive: (poll: Poll, limit?: number) => Promise<readonly Held[]>;
  /** Deletes what was done. */
  readonly discard: (poll: Poll, held: Held) => Promise<void>;
  /** Messages of the queue, in flight or not. */
  readonly messages: (poll: Poll) => readonly Message[];
  readonly inFlight: (poll: Poll) => readonly Message[];
  /** Whether the queue would give out a message: one in flight holds up its group. */
  readonly canReceive: (poll: Poll) => boolean;
  /** Takes the first message there is, without anybody having seen it. */
  readonly remove: (poll: Poll) => Promise<void>;
  /** A message of the intake queue comes again, as EventBridge may send it twice. */
  readonly sendIntake: (body: string) => Promise<void>;
  /** The visibility timeout of a message in flight is over. */
  readonly reappear: (poll: Poll, message: Message) => Promise<void>;
  /** Five minutes are over for the FIFO queues: the same message sent once more is a message. */
  readonly forgetDuplicates: () => void;
};

type Received = {
  readonly MessageId: string;
  readonly ReceiptHandle: string;
  readonly Body: string;
  readonly Attributes?: Readonly<Record<string, string>>;
};

export function createQueues(world: World): Queues {
  const receive: Queues["receive"] = async (poll, limit = poll.batch) => {
    const { account, url } = queueOf(poll);
    const { Messages = [] } = await world.ask<{ Messages?: readonly Received[] }>(
      account,
      "sqs",
      "ReceiveMessage",
      {
        QueueUrl: url,
        MaxNumberOfMessages: Math.min(limit, 10),
        MessageSystemAttributeNames: ["All"],
      },
    );
    return Messages.map((message): Held => {
      const group = message.Attributes?.["MessageGroupId"];
      return {
        receipt: message.ReceiptHandle,
        id: message.MessageId,
        ...(group !== undefined && { group }),
        receives: Number(message.Attributes?.["ApproximateReceiveCount"] ?? 1),
        record: {
          messageId: message.MessageId,
          receiptHandle: message.ReceiptHandle,
          body: message.Body,
          attributes: message.Attributes ?? {},
          eventSourceARN: poll.queue,
        },
      };
    });
  };
  const discard = async (poll: Poll, { receipt }: Held): Promise<void> => {
    const { account, url } = queueOf(poll);
    try {
      await world.ask(account, "sqs", "DeleteMessage", { QueueUrl: url, ReceiptHandle: receipt });
    } catch (error) {
      // The message was visible again before it was done with: it comes again, as on AWS.
      if (!isAwsError(error, "InvalidParameterValue")) throw error;
    }
  };

  const messages = (poll: Poll): readonly Message[] => {
    const { account, name } = queueOf(poll);
    return world.rows<Message>("sqs", account, "messages").filter(({ queue }) => queue === name);
  };
  const inFlight = (poll: Poll): readonly Message[] => {
    const now = world.now().getTime();
    return messages(poll).filter(({ visibleAt }) => visibleAt > now);
  };

  return {
    receive,
    discard,
    messages,
    inFlight,
    canReceive: (poll) => {
      const held = new Set(inFlight(poll).map(({ id, groupId = id }) => groupId));
      return messages(poll).some(({ id, groupId = id }) => !held.has(groupId));
    },
    remove: async (poll) => {
      const [first] = await receive(poll, 1);
      if (first !== undefined) await discard(poll, first);
    },
    sendIntake: async (body) => {
      const intake = world.base.polls.find(({ of }) => of.name === functions.route);
      if (intake === undefined) return;
      const { account, url } = queueOf(intake);
      await world.ask(account, "sqs", "SendMessage", { QueueUrl: url, MessageBody: body });
    },
    reappear: async (poll, { receipt }) => {
      const { account, url } = queueOf(poll);
      await world.ask(account, "sqs", "ChangeMessageVisibility", {
        QueueUrl: url,
        ReceiptHandle: receipt,
        VisibilityTimeout: 0,
      });
    },
    forgetDuplicates: () => {
      const { region } = world.base.estate;
      for (const account of new Set(world.base.polls.map((poll) => queueOf(poll).account)))
        world.memory.store.table(`sqs/${account}/${region}/deduplications`).clear();
    },
  };
}

export function queueOf({ queue }: Pick<Poll, "queue">) {
  const [, , , , account = "", name = ""] = queue.split(":");
  return { account, name, url: `/${account}/${name}` };
}
