/**
 * Finds the owner of an access key: a user's own key, or credentials that STS issued. Both key ids carry
 * their account.
 */
import type { Identities } from "#cloud/kernel/identity.ts";
import { accountOfAccessKey } from "./access-key-id.ts";
import type { Directory } from "./directory.ts";

export const createIdentities = (directory: Directory): Identities => ({
  find: (accessKeyId) => {
    const account = accountOfAccessKey(accessKeyId);
    if (account === undefined) return undefined;
    const issued = directory.sts(account)?.issued.get(accessKeyId);
    if (issued !== undefined) return issued;
    const iam = directory.iam(account);
    const key = iam?.accessKeys.get(accessKeyId);
    const user = key && iam?.users.get(key.userName.toLowerCase());
    if (key === undefined || user === undefined || key.status !== "Active") return undefined;
    return {
      principal: { kind: "user", account, arn: user.arn, userName: user.name },
      secretAccessKey: key.secret,
    };
  },
});
