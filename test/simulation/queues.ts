/** The queues that invoke functions, as Lambda's pollers use them, and the faults of their messages. */

import { isAwsError } from "@kedge/local-cloud/kernel/aws-error";
import type { Message } from "@kedge/local-cloud/services/sqs/state";
import { functions } from "#release/names/deployed-names.ts";
import type { Poll } from "./base.ts";
import type { SimulatedCloud } from "./cloud.ts";

/** A received message of a queue. */
export type Held = {
  readonly receipt: string;
  readonly id: string;
  readonly group?: string;
  readonly receives: number;
  readonly record: object;
};

export type Queues = {
  /** Receives messages for the function, at most `limit`. */
  readonly receive: (poll: Poll, limit?: number) => Promise<readonly Held[]>;
  /** Deletes a message that succeeded. */
  readonly discard: (poll: Poll, held: Held) => Promise<void>;
  /** Messages of the queue, in flight or not. */
  readonly messages: (poll: Poll) => readonly Message[];
  readonly inFlight: (poll: Poll) => readonly Message[];
  /** Returns whether a message can be received. A message in flight blocks its group. */
  readonly canReceive: (poll: Poll) => boolean;
  /** Loses the first message, before a function has received it. */
  readonly remove: (poll: Poll) => Promise<void>;
  /** Sends a message to the intake queue again, as EventBridge may send it twice. */
  readonly sendIntake: (body: string) => Promise<void>;
  /** Ends the visibility timeout of a message in flight. */
  readonly reappear: (poll: Poll, message: Message) => Promise<void>;
  /**
   * Ends the deduplication interval of five minutes of the FIFO queues, so that a repeated message is a new
   * one.
   */
  readonly forgetDuplicates: () => void;
};

type Received = {
  readonly MessageId: string;
  readonly ReceiptHandle: string;
  readonly Body: string;
  readonly Attributes?: Readonly<Record<string, string>>;
};

export function createQueues(cloud: SimulatedCloud): Queues {
  const receive: Queues["receive"] = async (poll, limit = poll.batch) => {
    const { account, url } = queueOf(poll);
    const { Messages = [] } = await cloud.ask<{ Messages?: readonly Received[] }>(
      account,
      "sqs",
      "ReceiveMessage",
      {
        QueueUrl: url,
        MaxNumberOfMessages: Math.min(limit, 10),
        MessageSystemAttributeNames: ["All"],
      },
    );
    return Messages.map((message) => heldOf(message, poll));
  };
  const discard = async (poll: Poll, { receipt }: Held): Promise<void> => {
    const { account, url } = queueOf(poll);
    try {
      await cloud.ask(account, "sqs", "DeleteMessage", { QueueUrl: url, ReceiptHandle: receipt });
    } catch (error) {
      // The message was visible again before it was deleted, so it comes again, as on AWS.
      if (!isAwsError(error, "InvalidParameterValue")) throw error;
    }
  };

  const messages = (poll: Poll): readonly Message[] => {
    const { account, name } = queueOf(poll);
    return cloud.rows<Message>("sqs", account, "messages").filter(({ queue }) => queue === name);
  };
  const inFlight = (poll: Poll): readonly Message[] => {
    const now = cloud.now().getTime();
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
      const intake = cloud.base.polls.find(({ of }) => of.name === functions.route);
      if (intake === undefined) return;
      const { account, url } = queueOf(intake);
      await cloud.ask(account, "sqs", "SendMessage", { QueueUrl: url, MessageBody: body });
    },
    reappear: async (poll, { receipt }) => {
      const { account, url } = queueOf(poll);
      await cloud.ask(account, "sqs", "ChangeMessageVisibility", {
        QueueUrl: url,
        ReceiptHandle: receipt,
        VisibilityTimeout: 0,
      });
    },
    forgetDuplicates: () => {
      const { region } = cloud.base.estate;
      for (const account of new Set(cloud.base.polls.map((poll) => queueOf(poll).account)))
        cloud.memory.store.table(`sqs/${account}/${region}/deduplications`).clear();
    },
  };
}

/** The message as a function receives it. */
function heldOf({ MessageId, ReceiptHandle, Body, Attributes = {} }: Received, { queue }: Poll): Held {
  const group = Attributes["MessageGroupId"];
  return {
    receipt: ReceiptHandle,
    id: MessageId,
    ...(group !== undefined && { group }),
    receives: Number(Attributes["ApproximateReceiveCount"] ?? 1),
    record: {
      messageId: MessageId,
      receiptHandle: ReceiptHandle,
      body: Body,
      attributes: Attributes,
      eventSourceARN: queue,
    },
  };
}

export function queueOf({ queue }: Pick<Poll, "queue">) {
  const [, , , , account = "", name = ""] = queue.split(":");
  return { account, name, url: `/${account}/${name}` };
}
