/** Checks whether a queue may use another queue as its dead-letter queue, and moves messages there. */
import { AwsError } from "#cloud/kernel/aws-error.ts";
import { invalidValue } from "./errors.ts";
import { locationOfArn } from "./find-queue.ts";
import { nextSequence, put, redriveOf, wake } from "./live-queue.ts";
import type { Message, Queue, SqsState } from "./state.ts";

/**
 * Returns the dead-letter queue of `queue` if it exists. It must be in the same account and region (SQS
 * Developer Guide, "Dead-letter queues").
 */
export function deadLetterQueue(state: SqsState, queue: Queue): Queue | undefined {
  const target = redriveOf(queue)?.deadLetterTargetArn;
  const found = target === undefined ? undefined : locationOfArn(target);
  const candidate = found && state.queues.get(found.location.name);
  return candidate !== undefined && candidate.arn === target && allows(candidate, queue.arn)
    ? candidate
    : undefined;
}

export function checkRedrive(state: SqsState, queue: Queue): void {
  const redrive = redriveOf(queue);
  if (redrive === undefined) return;
  const text = queue.attributes["RedrivePolicy"];
  const found = locationOfArn(redrive.deadLetterTargetArn);
  if (found === undefined)
    throw invalidValue(text, "RedrivePolicy", "Invalid value for deadLetterTargetArn.");
  if (found.location.account !== queue.account || found.region !== queue.region)
    throw invalidValue(text, "RedrivePolicy", "Dead-letter target owner should be same as the source.");
  const target = state.queues.get(found.location.name);
  if (target === undefined)
    throw new AwsError(
      "InvalidParameterValue",
      `Value ${text} for parameter RedrivePolicy is invalid. Reason: Dead letter target does not exist.`,
    );
  if (target.fifo !== queue.fifo)
    throw invalidValue(text, "RedrivePolicy", `Dead-letter queue must be same type of queue as the source.`);
  if (!allows(target, queue.arn))
    throw invalidValue(
      text,
      "RedrivePolicy",
      "Queue does not have permission to use the dead-letter queue: its redrive allow policy denies it.",
    );
}

function allows(target: Queue, source: string): boolean {
  const text = target.attributes["RedriveAllowPolicy"];
  if (text === undefined) return true;
  const policy = JSON.parse(text) as { redrivePermission: string; sourceQueueArns?: readonly string[] };
  return policy.redrivePermission === "byQueue"
    ? (policy.sourceQueueArns ?? []).includes(source)
    : policy.redrivePermission === "allowAll";
}

/**
 * Moves a message from `source` to `target`. In a standard queue it keeps its first sent time; in a FIFO
 * queue it gets a new one. (SQS Developer Guide, "Dead-letter queues")
 */
export function moveTo(
  state: SqsState,
  target: Queue,
  message: Message,
  now: number,
  source: string | undefined,
): void {
  const { receipt: _receipt, receivedAt: _receivedAt, deadLetterSource: _source, ...rest } = message;
  put(state, {
    ...rest,
    queue: target.name,
    sequence: nextSequence(state, target.name, now),
    sentAt: target.fifo ? now : message.sentAt,
    visibleAt: now,
    ...(source !== undefined && { deadLetterSource: source }),
  });
  wake(state, target.name);
}
