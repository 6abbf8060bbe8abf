/** S3's own errors of a call whose signature names no identity that holds. */
import { AwsError } from "#cloud/kernel/aws-error.ts";
import type { IdentityErrors } from "#cloud/kernel/identity-errors.ts";

export const s3IdentityErrors: IdentityErrors = {
  unknownKey: (accessKeyId) =>
    new AwsError(
      "InvalidAccessKeyId",
      "The AWS Access Key Id you provided does not exist in our records.",
      403,
      {
        AWSAccessKeyId: accessKeyId,
      },
    ),
  expired: () => new AwsError("ExpiredToken", "The security token included in the request is expired", 400),
  wrongToken: () =>
    new AwsError("InvalidToken", "The security token included in the request is invalid.", 403),
};
