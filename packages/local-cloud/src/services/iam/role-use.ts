/** Notes when a role was last used, and in which region. It watches the calls of the role's sessions. */
import type { IamState } from "#cloud/iam/iam-state.ts";
import type { CallRecord } from "#cloud/kernel/cloud-type.ts";

/**
 * A role's row is written once in this time at most. IAM itself reports a use up to four hours late (IAM User Guide,
 * "Refine permissions in AWS using last accessed information").
 */
const NOTED_EVERY = 5 * 60_000;

export function noteRoleUse(
  { principal, region, time }: CallRecord,
  stateOf: (account: string) => IamState,
): void {
  if (principal.kind !== "role") return;
  const { roles } = stateOf(principal.account);
  const key = principal.roleName.toLowerCase();
  const role = roles.get(key);
  if (role === undefined || role.arn !== principal.roleArn) return;
  if (role.lastUsed !== undefined && time.getTime() - role.lastUsed.at.getTime() < NOTED_EVERY) return;
  roles.set(key, { ...role, lastUsed: { at: time, region } });
}
