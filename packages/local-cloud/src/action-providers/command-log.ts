/**
 * Writes the log of a Commands action to /aws/codepipeline/<pipeline>, if the logs service runs and the
 * role may write.
 */
import { isAwsError } from "#cloud/kernel/aws-error.ts";
import type { Job } from "./provider.ts";

export async function writeLog(job: Job, lines: readonly string[]): Promise<void> {
  const logGroupName = `/aws/codepipeline/${job.pipeline.name}`;
  const logStreamName = job.runId;
  const timestamp = job.clock.now().getTime();
  try {
    await create(job, "CreateLogGroup", { logGroupName });
    await create(job, "CreateLogStream", { logGroupName, logStreamName });
    await job.call("logs", "PutLogEvents", {
      logGroupName,
      logStreamName,
      logEvents: lines.filter((line) => line !== "").map((message) => ({ timestamp, message })),
    });
  } catch (error) {
    // A log that cannot be written does not fail the action.
    if (!isAwsError(error)) throw error;
    job.cloud.log(
      `codepipeline ${job.pipeline.name} ${job.name}: the log could not be written: ${error.message}`,
    );
  }
}

async function create(job: Job, operation: string, input: object): Promise<void> {
  try {
    await job.call("logs", operation, input);
  } catch (error) {
    if (!isAwsError(error, "ResourceAlreadyExistsException")) throw error;
  }
}
