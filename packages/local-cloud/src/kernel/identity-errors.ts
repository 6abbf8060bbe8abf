/** The errors of a call whose signature names no identity that holds. A service may answer with codes of its own. */
import { AwsError } from "./aws-error.ts";

export type IdentityErrors = {
  readonly unknownKey: (accessKeyId: string) => AwsError;
  readonly expired: () => AwsError;
  /** The session token differs from the token that was issued with the key. */
  readonly wrongToken: () => AwsError;
};

export const identityErrors: IdentityErrors = {
  unknownKey: () =>
    new AwsError("InvalidClientTokenId", "The security token included in the request is invalid.", 403),
  expired: () =>
    new AwsError("ExpiredTokenException", "The security token included in the request is expired", 403),
  wrongToken: () =>
    new AwsError("InvalidClientTokenId", "The security token included in the request is invalid.", 403),
};
