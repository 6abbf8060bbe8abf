/** Words the reason of a failed resource operation as AWS's resource handlers do. */
import { randomUUID } from "node:crypto";
import { AwsError } from "#cloud/kernel/aws-error.ts";
import { ResourceFailure } from "#cloud/resource-types/resource-failure.ts";

const handlerCodes: readonly (readonly [pattern: RegExp, code: string])[] = [
  [/AccessDenied|NotAuthorized|Unauthorized|AuthorizationError/, "AccessDenied"],
  [
    /AlreadyExists|EntityAlreadyExists|ResourceExists|BucketAlreadyOwnedByYou|QueueNameExists|ResourceConflict.*Exist/,
    "AlreadyExists",
  ],
  [/Throttl|TooManyRequests|SlowDown/, "Throttling"],
  [/LimitExceeded|TooMany/, "ServiceLimitExceeded"],
  [
    /Conflict|InUse|ConcurrentModification|BucketNotEmpty|DeleteConflict|OperationAborted/,
    "GeneralServiceException",
  ],
  [/NotFound|NoSuch|NonExistent|DoesNotExist/, "NotFound"],
  [/Invalid|Validation|Malformed|MissingParameter/, "InvalidRequest"],
  [/Internal|ServiceUnavailable|ServiceException/, "ServiceInternalError"],
];

export const handlerCode = (error: AwsError): string =>
  handlerCodes.find(([pattern]) => pattern.test(error.code))?.[1] ?? "GeneralServiceException";

export function failureReason(error: unknown, type: string): string {
  if (error instanceof ResourceFailure) return error.message;
  if (!(error instanceof AwsError))
    return `Internal Failure: ${error instanceof Error ? error.message : String(error)}`;
  if (
    error.code === "ValidationError" &&
    !error.message.startsWith("User: ") &&
    /^(Template|No export|Parameter|Secrets|Properties|Incorrect)/.test(error.message)
  ) {
    return error.message;
  }
  const service = type.split("::")[1] ?? "";
  const code = handlerCode(error);
  const text =
    code === "AlreadyExists" && !error.message.includes("already exists")
      ? `${error.message} already exists`
      : error.message;
  return `Resource handler returned message: "${text} (Service: ${service === "IAM" ? "Iam" : service}, Status Code: ${error.status}, Request ID: ${randomUUID()})" (RequestToken: ${randomUUID()}, HandlerErrorCode: ${code})`;
}
