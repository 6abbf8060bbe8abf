/** The state that the authorizer reads: IAM's and STS's state of any account, and the organization. */
import type { IamState } from "./iam-state.ts";
import type { OrganizationState } from "./organization-state.ts";
import type { StsState } from "./sts-state.ts";

/** Each member returns undefined in a cloud without that service. */
export type Directory = {
  readonly iam: (account: string) => IamState | undefined;
  readonly sts: (account: string) => StsState | undefined;
  readonly organization: () => OrganizationState | undefined;
};
