/** Sends a sandbox's output to CloudWatch Logs as the function's role; without the permission nothing is kept, as in AWS. */
import { isAwsError } from "#cloud/kernel/aws-error.ts";
import type { Berth } from "./fleet.ts";
import type { World } from "./run-function.ts";
import type { Version } from "./state.ts";

const LINE_LIMIT = 262_118;

export function writeLog(berth: Berth, text: string, version: Version, { cloud, clock }: World): void {
  const { logGroup: logGroupName, logStream: logStreamName } = berth;
  const logs = async (operation: string, input: object): Promise<void> => {
    await cloud.invoke({
      service: "logs",
      operation,
      input,
      principal: berth.session,
      account: version.account,
      region: version.region,
    });
  };
  const timestamp = clock.now().getTime();
  const logEvents = text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => ({ timestamp, message: `${line.slice(0, LINE_LIMIT)}\n` }));
  const put = (): Promise<void> => logs("PutLogEvents", { logGroupName, logStreamName, logEvents });
  cloud.spawn(`lambda log of ${version.name}`, async () => {
    try {
      await put();
    } catch (first) {
      if (!isAwsError(first, "ResourceNotFoundException")) return quiet(first);
      try {
        await logs("CreateLogGroup", { logGroupName }).catch(quiet);
        await logs("CreateLogStream", { logGroupName, logStreamName }).catch(quiet);
        await put();
      } catch (second) {
        quiet(second);
      }
    }
  });
}

/** A refusal is the function's own affair: its output is lost. */
function quiet(error: unknown): void {
  if (!isAwsError(error)) throw error;
}
