/** Lists sample roles that are not Kedge's and whose trust may admit every caller: only the caller's own policies limit it. */
import { roles } from "#release/names/deployed-names.ts";
import { type AccountRole, foreignAccount } from "./account-role.ts";
import { type ProbedResource, sampled } from "./resource.ts";

/** In the account, and in one outside of the estate. `application`: the name of the sample application's stack. */
export function assumableRoles(accountRole: AccountRole, application: string): readonly ProbedResource[] {
  const role = (account: string, name: string): string => `arn:aws:iam::${account}:role/${name}`;
  return sampled(accountRole, [
    ["an application's role, assumed", "sts", ["role"], role(accountRole.account, `${application}-Role`)],
    ["a foreign role, assumed", "sts", ["role"], role(accountRole.account, "somebody")],
    ["an outsider's role, assumed", "sts", ["role"], role(foreignAccount, `${application}-Role`)],
    ["an outsider's role for deployments, assumed", "sts", ["role"], role(foreignAccount, roles.deploy)],
  ]).map((resource) => ({ ...resource, account: resource.arn.split(":")[4] ?? "", open: ["sts:*"] }));
}
