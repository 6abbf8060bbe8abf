/**
 * GetCallerIdentity returns the caller's account and ARN. It needs no permission, and no policy can deny it.
 * (STS API Reference, GetCallerIdentity)
 */
import { AwsError } from "#cloud/kernel/aws-error.ts";
import { askIam, type StsOperation } from "./operation.ts";

export const getCallerIdentity: StsOperation<"GetCallerIdentity"> = {
  access: () => [],
  run: async (_input, call) => {
    const { principal } = call;
    switch (principal.kind) {
      case "account":
        return { UserId: principal.account, Account: principal.account, Arn: principal.arn };
      case "role":
        return { UserId: principal.userId, Account: principal.account, Arn: principal.arn };
      case "user": {
        const { User } = await askIam<{ User: { UserId: string } }>(call, principal.account, "GetUser", {
          UserName: principal.userName,
        });
        return { UserId: User.UserId, Account: principal.account, Arn: principal.arn };
      }
      case "service":
      case "anonymous":
        throw new AwsError("MissingAuthenticationToken", "Request is missing Authentication Token", 403);
    }
  },
};
