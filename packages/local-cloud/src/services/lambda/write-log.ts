/**
 * Sends a function's output to CloudWatch Logs as the function's role. Without the permission the output is
 * lost, as in AWS.
 */
import { isAwsError } from "#cloud/kernel/aws-error.ts";
import type { LambdaDeps } from "./deps.ts";
import type { ExecutionEnvironment, Version } from "./state.ts";

const LINE_LIMIT = 262_118;

export function writeLog(
  environment: ExecutionEnvironment,
  text: string,
  version: Version,
  { cloud, clock }: LambdaDeps,
): void {
  const { logGroup: logGroupName, logStream: logStreamName } = environment;
  const logs = async (operation: string, input: object): Promise<void> => {
    await cloud.invoke({
      service: "logs",
      operation,
      input,
      principal: environment.session,
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
      if (!isAwsError(first, "ResourceNotFoundException")) return ignoreAwsError(first);
      try {
        await logs("CreateLogGroup", { logGroupName }).catch(ignoreAwsError);
        await logs("CreateLogStream", { logGroupName, logStreamName }).catch(ignoreAwsError);
        await put();
      } catch (second) {
        ignoreAwsError(second);
      }
    }
  });
}

/** If the role has no permission, the output is lost and the invocation goes on. */
function ignoreAwsError(error: unknown): void {
  if (!isAwsError(error)) throw error;
}
