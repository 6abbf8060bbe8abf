/**
 * StartMessageMoveTask, ListMessageMoveTasks and CancelMessageMoveTask move dead letters back to their source
 * queues or to another queue.
 */
import { randomUUID } from "node:crypto";
import type * as sqs from "@aws-sdk/client-sqs";
import { AwsError } from "#cloud/kernel/aws-error.ts";
import type { Call, OperationOf } from "#cloud/kernel/service.ts";
import { moveTo } from "./dead-letter.ts";
import { resourceNotFound, unsupported } from "./errors.ts";
import { locationOfArn, queueAccess, queueUrl } from "./find-queue.ts";
import { drop, inFlight, liveQueueOf, redriveOf } from "./live-queue.ts";
import type { MoveTask, Queue, SqsState } from "./state.ts";

const queueOfArn = (arn: string | undefined, call: Call<SqsState>, parameter: string): Queue => {
  const found = locationOfArn(arn ?? "");
  if (found === undefined)
    throw new AwsError(
      "InvalidParameterValue",
      `You must use this format to specify the ${parameter}: arn:<partition>:<service>:<region>:<account-id>:<resource-id>`,
    );
  const queue = call.stateOf(found.location.account, found.region).queues.get(found.location.name);
  if (queue === undefined)
    throw resourceNotFound(`The resource that you specified for the ${parameter} parameter doesn't exist.`);
  return queue;
};

const accessByArn = (action: string, arn: string | undefined, call: Call<SqsState>) => {
  const found = locationOfArn(arn ?? "");
  return queueAccess(
    action,
    queueUrl(call, found?.location ?? { account: call.account, name: "unknown" }),
    call,
  );
};

export const startMessageMoveTask: OperationOf<typeof sqs, SqsState, "StartMessageMoveTask"> = {
  access: ({ SourceArn, DestinationArn }, call) => [
    accessByArn("StartMessageMoveTask", SourceArn, call),
    accessByArn("ReceiveMessage", SourceArn, call),
    accessByArn("DeleteMessage", SourceArn, call),
    ...(DestinationArn === undefined ? [] : [accessByArn("SendMessage", DestinationArn, call)]),
  ],
  run: ({ SourceArn = "", DestinationArn, MaxNumberOfMessagesPerSecond }, call) => {
    const source = queueOfArn(SourceArn, call, "SourceArn");
    if (
      DestinationArn !== undefined &&
      queueOfArn(DestinationArn, call, "DestinationArn").fifo !== source.fifo
    )
      throw unsupported("The destination queue must be of the same type as the source queue.");
    const sources = [...call.state.queues.values()];
    if (!sources.some((queue) => redriveOf(queue)?.deadLetterTargetArn === source.arn))
      throw new AwsError("InvalidParameterValue", "Source queue must be configured as a Dead Letter Queue.");
    if (
      [...call.state.moves.values()].some((task) => task.sourceArn === SourceArn && task.status === "RUNNING")
    )
      throw new AwsError(
        "InvalidParameterValue",
        "There is already a task running. Only one active task is allowed for a source queue arn at a given time.",
      );
    if (
      MaxNumberOfMessagesPerSecond !== undefined &&
      (MaxNumberOfMessagesPerSecond < 1 || MaxNumberOfMessagesPerSecond > 500)
    )
      throw new AwsError(
        "InvalidParameterValue",
        `Value ${MaxNumberOfMessagesPerSecond} for parameter MaxNumberOfMessagesPerSecond is invalid. Reason: You must enter a value between 1 and 500.`,
      );
    const task: MoveTask = {
      handle: Buffer.from(JSON.stringify({ taskId: randomUUID(), sourceArn: SourceArn })).toString("base64"),
      sourceArn: SourceArn,
      startedAt: call.clock.now().getTime(),
      status: "RUNNING",
      toMove: liveQueueOf(call.state, source.name).messages.size,
      moved: 0,
      ...(DestinationArn !== undefined && { destinationArn: DestinationArn }),
      ...(MaxNumberOfMessagesPerSecond !== undefined && { maxPerSecond: MaxNumberOfMessagesPerSecond }),
    };
    call.state.moves.set(task.handle, task);
    resumeMove(task.handle, source, call);
    return { TaskHandle: task.handle };
  },
};

type MoveDeps = Pick<Call<SqsState>, "state" | "clock" | "cloud">;

/** Moves the messages of one second, and repeats after a second until no message is left. */
export function resumeMove(handle: string, source: Queue, deps: MoveDeps): void {
  deps.cloud.spawn(`sqs move of ${source.name}`, async () => step(handle, source, deps));
}

function step(handle: string, source: Queue, deps: MoveDeps): void {
  const { state, clock } = deps;
  const task = state.moves.get(handle);
  if (task === undefined) return;
  if (task.status === "CANCELLING") return void state.moves.set(handle, { ...task, status: "CANCELLED" });
  if (task.status !== "RUNNING") return;
  const now = clock.now().getTime();
  const waiting = [...liveQueueOf(state, source.name).messages.values()].filter(
    (message) => !inFlight(message, now),
  );
  let moved = 0;
  for (const message of waiting.slice(0, task.maxPerSecond ?? 500)) {
    const target = locationOfArn(task.destinationArn ?? message.deadLetterSource ?? "");
    const queue = target && state.queues.get(target.location.name);
    if (queue === undefined) {
      const failureReason =
        task.destinationArn === undefined
          ? "CouldNotDetermineMessageSource"
          : "AWS.SimpleQueueService.NonExistentQueue";
      return void state.moves.set(handle, {
        ...task,
        status: "FAILED",
        moved: task.moved + moved,
        failureReason,
      });
    }
    drop(state, message);
    moveTo(state, queue, { ...message, receiveCount: 0 }, now, undefined);
    moved += 1;
  }
  const left = waiting.length > moved;
  state.moves.set(handle, { ...task, moved: task.moved + moved, status: left ? "RUNNING" : "COMPLETED" });
  if (left) clock.after(1000, () => step(handle, source, deps));
}

export const listMessageMoveTasks: OperationOf<typeof sqs, SqsState, "ListMessageMoveTasks"> = {
  access: ({ SourceArn }, call) => accessByArn("ListMessageMoveTasks", SourceArn, call),
  run: ({ SourceArn, MaxResults = 1 }, call) => {
    queueOfArn(SourceArn, call, "SourceArn");
    if (MaxResults < 1 || MaxResults > 10)
      throw new AwsError(
        "InvalidParameterValue",
        `Value ${MaxResults} for parameter MaxResults is invalid. Reason: You must enter a value between 1 and 10.`,
      );
    const tasks = [...call.state.moves.values()].filter((task) => task.sourceArn === SourceArn);
    tasks.sort((left, right) => right.startedAt - left.startedAt);
    return {
      Results: tasks.slice(0, MaxResults).map((task) => ({
        ...(task.status === "RUNNING" && { TaskHandle: task.handle }),
        Status: task.status,
        SourceArn: task.sourceArn,
        DestinationArn: task.destinationArn,
        MaxNumberOfMessagesPerSecond: task.maxPerSecond,
        ApproximateNumberOfMessagesMoved: task.moved,
        ApproximateNumberOfMessagesToMove: task.toMove,
        FailureReason: task.failureReason,
        StartedTimestamp: task.startedAt,
      })),
    };
  },
};

export const cancelMessageMoveTask: OperationOf<typeof sqs, SqsState, "CancelMessageMoveTask"> = {
  access: ({ TaskHandle }, call) =>
    accessByArn("CancelMessageMoveTask", call.state.moves.get(TaskHandle ?? "")?.sourceArn, call),
  run: ({ TaskHandle = "" }, call) => {
    const task = call.state.moves.get(TaskHandle);
    if (task === undefined) throw resourceNotFound("Task does not exist.");
    if (task.status !== "RUNNING") throw unsupported("Only running tasks can be cancelled.");
    call.state.moves.set(TaskHandle, { ...task, status: "CANCELLING" });
    return { ApproximateNumberOfMessagesMoved: task.moved };
  },
};
