/** Checks names and paths against IAM's constraints, and measures policies. */
import { AwsError } from "#cloud/kernel/aws-error.ts";

const NAME = "[\\w+=,.@-]+";
const PATH = "(\\u002F)|(\\u002F[\\u0021-\\u007E]+\\u002F)";

/**
 * Checks a name. `limit` is 64 for roles and users, 128 for policies and instance profiles (IAM User Guide,
 * "IAM and AWS STS quotas").
 */
export function checkName(member: string, name: string, limit: number): void {
  if (name.length > limit)
    throw violated(member, name, `Member must have length less than or equal to ${limit}`);
  if (name.length === 0) throw violated(member, name, "Member must have length greater than or equal to 1");
  if (!new RegExp(`^${NAME}$`).test(name))
    throw violated(member, name, `Member must satisfy regular expression pattern: ${NAME}`);
}

export function checkPath(path: string): void {
  if (path.length > 512 || !/^\/$|^\/[\u0021-\u007e]*\/$/.test(path))
    throw violated("path", path, `Member must satisfy regular expression pattern: ${PATH}`);
}

export function checkRange(member: string, value: number, least: number, most: number): void {
  if (value < least)
    throw violated(member, String(value), `Member must have value greater than or equal to ${least}`);
  if (value > most)
    throw violated(member, String(value), `Member must have value less than or equal to ${most}`);
}

export const violated = (member: string, value: string, constraint: string): AwsError =>
  new AwsError(
    "ValidationError",
    `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: ${constraint}`,
  );

/** IAM counts a policy's characters without white space (IAM User Guide, "IAM and AWS STS quotas"). */
export const policySize = (text: string): number => text.replace(/\s/g, "").length;
