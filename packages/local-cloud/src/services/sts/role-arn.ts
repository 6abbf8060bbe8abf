/** Checks the form of a role's ARN, of a session name and of a source identity. */
import { invalid, violated } from "./operation.ts";

export type RoleArn = { readonly arn: string; readonly account: string; readonly name: string };

export function readRoleArn(arn = ""): RoleArn {
  if (arn.length < 20) throw violated("roleArn", arn, "Member must have length greater than or equal to 20");
  const [, account, name] = /^arn:aws:iam::(\d{12}):role\/(?:[!-~]*\/)?([\w+=,.@-]{1,64})$/.exec(arn) ?? [];
  if (account === undefined || name === undefined) throw invalid(`${arn} is invalid`);
  return { arn, account, name };
}

export const checkSessionName = (name = ""): void => checkName("roleSessionName", name);
export const checkSourceIdentity = (name: string): void => checkName("sourceIdentity", name);

function checkName(member: string, name: string): void {
  if (name.length < 2) throw violated(member, name, "Member must have length greater than or equal to 2");
  if (name.length > 64) throw violated(member, name, "Member must have length less than or equal to 64");
  if (!/^[\w+=,.@-]*$/.test(name))
    throw violated(member, name, "Member must satisfy regular expression pattern: [\\w+=,.@-]*");
}
