/**
 * GetSessionToken returns temporary credentials of the caller. A caller with temporary credentials cannot
 * call it.
 */
import { AwsError } from "#cloud/kernel/aws-error.ts";
import { issue } from "./issue.ts";
import { checkDuration, type StsOperation } from "./operation.ts";

export const getSessionToken: StsOperation<"GetSessionToken"> = {
  // AWS requires no permission here, because the new credentials have at most the permissions of their owner.
  access: () => [],
  run: ({ DurationSeconds }, call) => {
    const { principal } = call;
    if (principal.kind !== "user" && principal.kind !== "account")
      throw new AwsError("AccessDenied", "Cannot call GetSessionToken with session credentials", 403);
    checkDuration(DurationSeconds ?? 900, 129_600);
    const asked = DurationSeconds ?? 43_200;
    // A session of the root user lasts one hour at most. (STS API Reference, GetSessionToken)
    const seconds = principal.kind === "account" ? Math.min(asked, 3600) : asked;
    return { Credentials: issue(call, principal.account, principal, seconds) };
  },
};
