/** Reads a function's configuration from a create or update call and checks it against Lambda's limits. */
import type { UpdateFunctionConfigurationCommandInput } from "@aws-sdk/client-lambda";
import { AwsError, isAwsError } from "#cloud/kernel/aws-error.ts";
import { servicePrincipal } from "#cloud/kernel/principal.ts";
import type { Call } from "#cloud/kernel/service.ts";
import { constraint, invalidParameter } from "./errors.ts";
import type { LambdaState, Version } from "./state.ts";

type Members = Omit<UpdateFunctionConfigurationCommandInput, "FunctionName">;

const RUNTIMES =
  /^(nodejs(18|20|22|24|26)\.x|python3\.(8|9|10|11|12|13|14)|java(8\.al2|11|17|21|25)|dotnet(6|8|10)|ruby3\.[2-5]|provided\.al20(2|23))$/;
const RESERVED_VARIABLES =
  /^(_HANDLER|_X_AMZN_TRACE_ID|AWS_(DEFAULT_REGION|REGION|EXECUTION_ENV|ACCESS_KEY|ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN)|AWS_LAMBDA_(FUNCTION_NAME|FUNCTION_MEMORY_SIZE|FUNCTION_VERSION|INITIALIZATION_TYPE|LOG_GROUP_NAME|LOG_STREAM_NAME|RUNTIME_API)|LAMBDA_(TASK_ROOT|RUNTIME_DIR))$/;

export const initialConfiguration = {
  description: "",
  timeout: 3,
  memorySize: 128,
  environment: undefined,
  layers: [],
  ephemeralStorage: 512,
  tracing: "PassThrough",
  logFormat: "Text",
} as const;

/** Returns the fields of a version that `members` change. */
export function readConfiguration(members: Members): Partial<Version> {
  const { Runtime, Handler, Timeout, MemorySize, Environment, Layers, DeadLetterConfig } = members;
  if (Runtime !== undefined && !RUNTIMES.test(Runtime))
    throw invalidParameter(
      `Value ${Runtime} at 'runtime' failed to satisfy constraint: Member must satisfy enum value set: [nodejs24.x, nodejs22.x, python3.14, …] or be a valid ARN`,
    );
  if (Handler !== undefined && !/^\S{1,128}$/.test(Handler))
    throw constraint(Handler, "handler", "Member must satisfy regular expression pattern: [^\\s]+");
  limit(Timeout, "timeout", 1, 900);
  limit(MemorySize, "memorySize", 128, 10_240);
  limit(members.EphemeralStorage?.Size, "ephemeralStorage.size", 512, 10_240);
  if (Layers !== undefined && Layers.length > 5)
    throw invalidParameter("Layers consist of at most 5 layer versions; please provide fewer layers.");
  const variables = Environment === undefined ? undefined : (Environment.Variables ?? {});
  if (variables !== undefined) checkVariables(variables);
  return {
    ...(Runtime !== undefined && { runtime: Runtime }),
    ...(Handler !== undefined && { handler: Handler }),
    ...(members.Role !== undefined && { role: members.Role }),
    ...(members.Description !== undefined && { description: members.Description }),
    ...(Timeout !== undefined && { timeout: Timeout }),
    ...(MemorySize !== undefined && { memorySize: MemorySize }),
    ...(variables !== undefined && { environment: variables }),
    ...(Layers !== undefined && { layers: Layers }),
    ...(DeadLetterConfig?.TargetArn !== undefined && { deadLetterArn: DeadLetterConfig.TargetArn }),
    ...(members.EphemeralStorage?.Size !== undefined && { ephemeralStorage: members.EphemeralStorage.Size }),
    ...(members.TracingConfig?.Mode !== undefined && { tracing: members.TracingConfig.Mode }),
    ...(members.KMSKeyArn !== undefined && { kmsKeyArn: members.KMSKeyArn }),
    ...(members.LoggingConfig?.LogFormat !== undefined && { logFormat: members.LoggingConfig.LogFormat }),
    ...(members.LoggingConfig?.LogGroup !== undefined && { logGroup: members.LoggingConfig.LogGroup }),
  };
}

function limit(value: number | undefined, member: string, low: number, high: number): void {
  if (value !== undefined && value < low)
    throw constraint(value, member, `Member must have value greater than or equal to ${low}`);
  if (value !== undefined && value > high)
    throw constraint(value, member, `Member must have value less than or equal to ${high}`);
}

function checkVariables(variables: Readonly<Record<string, string>>): void {
  const names = Object.keys(variables);
  const wrong = names.find((name) => !/^[a-zA-Z]\w*$/.test(name) || name.length < 2);
  if (wrong !== undefined)
    throw constraint(
      JSON.stringify(variables),
      "environment.variables",
      "Map keys must satisfy constraint: [Member must satisfy regular expression pattern: [a-zA-Z]([a-zA-Z0-9_])+]",
    );
  const reserved = names.filter((name) => RESERVED_VARIABLES.test(name));
  if (reserved.length > 0)
    throw invalidParameter(
      `Lambda was unable to configure your environment variables because the environment variables you have provided contains reserved keys that are currently not supported for modification. Reserved keys used in this request: ${reserved.join(", ")}`,
    );
  if (Buffer.byteLength(JSON.stringify(variables)) > 4096)
    throw invalidParameter(
      `Lambda was unable to configure your environment variables because the environment variables you have provided exceeded the 4KB limit. String measured: ${JSON.stringify(variables)}`,
    );
}

/** Checks that the role exists and trusts Lambda by assuming it once, as Lambda does. */
export async function checkRole(role: string, arn: string, call: Call<LambdaState>): Promise<void> {
  if (!/^arn:aws[\w-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/.test(role))
    throw constraint(
      role,
      "role",
      "Member must satisfy regular expression pattern: arn:(aws[a-zA-Z-]*)?:iam::\\d{12}:role/?[a-zA-Z_0-9+=,.@\\-_/]+",
    );
  if (role.split(":")[4] !== call.account)
    throw new AwsError("AccessDeniedException", "Cross-account pass role is not allowed.", 403);
  try {
    await call.cloud.assumeRole({
      roleArn: role,
      sessionName: "awslambda_validate",
      principal: servicePrincipal("lambda.amazonaws.com", { sourceAccount: call.account, sourceArn: arn }),
      region: call.region,
    });
  } catch (error) {
    if (!isAwsError(error)) throw error;
    throw invalidParameter("The role defined for the function cannot be assumed by Lambda.");
  }
}

/** Requests `iam:PassRole` on `role` for Lambda. */
export const passRole = (role: string) => ({
  action: "iam:PassRole",
  resource: role,
  resourceAccount: role.split(":")[4] ?? "",
  context: { "iam:PassedToService": "lambda.amazonaws.com" },
});
