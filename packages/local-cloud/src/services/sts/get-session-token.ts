/** GetSessionToken: temporary credentials of the caller itself; not for those who hold temporary ones already. */
import { AwsError } from "#cloud/kernel/aws-error.ts";
import { issue } from "./issue.ts";
import { checkDuration, type StsOperation } from "./operation.ts";

export const getSessionToken: StsOperation<"GetSessionToken"> = {
  // AWS asks for no permission here; the credentials can do no more than their owner.
  access: () => [],
  run: ({ DurationSeconds }, call) => {
    const { principal } = call;
    if (principal.kind !== "user" && principal.kind !== "account")
      throw new AwsError("AccessDenied", "Cannot call GetSessionToken with session credentials", 403);
    checkDuration(DurationSeconds ?? 900, 129_600);
    const asked = DurationSeconds ?? 43_200;
    // A root user's session lasts an hour at most.
    const seconds = principal.kind === "account" ? Math.min(asked, 3600) : asked;
    return { Credentials: issue(call, principal.account, principal, seconds) };
  },
};
