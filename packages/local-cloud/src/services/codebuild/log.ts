/**
 * Keeps a build's log: its last lines in the build's record, and all lines in CloudWatch Logs if the role may
 * write.
 */

import { isAwsError } from "#cloud/kernel/aws-error.ts";
import type { BuildLog, Run } from "./build-context.ts";
import type { BuildRow } from "./state.ts";

const KEPT_LINES = 1000;
const BATCH = 1000;
const MESSAGE = 250_000;

export function openLog(options: {
  readonly context: Run["context"];
  readonly row: () => BuildRow;
  readonly call: Run["call"];
  readonly keep: (lines: readonly string[]) => void;
}): BuildLog {
  const { context, row, call } = options;
  const events: { timestamp: number; message: string }[] = [];
  const create = async (operation: string, input: object): Promise<void> => {
    try {
      await call("logs", operation, input);
    } catch (error) {
      if (!isAwsError(error, "ResourceAlreadyExistsException")) throw error;
    }
  };
  /**
   * Creates the log group only when it is missing, so that a role may lack the permission for an existing
   * group.
   */
  const createStream = async (
    logGroupName: string | undefined,
    logStreamName: string | undefined,
  ): Promise<void> => {
    try {
      await create("CreateLogStream", { logGroupName, logStreamName });
    } catch (error) {
      if (!isAwsError(error, "ResourceNotFoundException")) throw error;
      await create("CreateLogGroup", { logGroupName });
      await create("CreateLogStream", { logGroupName, logStreamName });
    }
  };
  return {
    write: (text) => {
      const lines = text.split("\n");
      const timestamp = context.clock.now().getTime();
      events.push(...lines.map((message) => ({ timestamp, message })));
      options.keep([...row().log, ...lines].slice(-KEPT_LINES));
    },
    flush: async () => {
      const { groupName: logGroupName, streamName: logStreamName } = row().build.logs ?? {};
      try {
        await createStream(logGroupName, logStreamName);
        for (let start = 0; start < events.length; start += BATCH) {
          const logEvents = events
            .slice(start, start + BATCH)
            .filter(({ message }) => message !== "")
            .map(({ timestamp, message }) => ({ timestamp, message: message.slice(0, MESSAGE) }));
          await call("logs", "PutLogEvents", { logGroupName, logStreamName, logEvents });
        }
      } catch (error) {
        if (!isAwsError(error)) throw error;
        context.cloud.log(`codebuild ${row().build.id}: CloudWatch Logs rejected the log: ${error.message}`);
      }
    },
  };
}
