/** Checks the form of a role's ARN and of a session name. */
import { invalid, violated } from "./operation.ts";

export type RoleArn = { readonly arn: string; readonly account: string; readonly name: string };

export function readRoleArn(arn = ""): RoleArn {
  if (arn.length < 20) throw violated("roleArn", arn, "Member must have length greater than or equal to 20");
  const [, account, name] = /^arn:aws:iam::(\d{12}):role\/(?:[!-~]*\/)?([\w+=,.@-]{1,64})$/.exec(arn) ?? [];
  if (account === undefined || name === undefined) throw invalid(`${arn} is invalid`);
  return { arn, account, name };
}

export function checkSessionName(name = ""): void {
  if (name.length < 2)
    throw violated("roleSessionName", name, "Member must have length greater than or equal to 2");
  if (name.length > 64)
    throw violated("roleSessionName", name, "Member must have length less than or equal to 64");
  if (!/^[\w+=,.@-]*$/.test(name))
    throw violated("roleSessionName", name, "Member must satisfy regular expression pattern: [\\w+=,.@-]*");
}
