/** Who makes a call: an account's administrator, a user, a role session, an AWS service, or nobody. */

export type Principal =
  | { readonly kind: "account"; readonly account: string; readonly arn: string }
  | { readonly kind: "user"; readonly account: string; readonly arn: string; readonly userName: string }
  | RoleSession
  | {
      readonly kind: "service";
      /** e.g. `events.amazonaws.com` */
      readonly service: string;
      /** On whose behalf the service acts: `aws:SourceAccount` and `aws:SourceArn`. */
      readonly sourceAccount?: string;
      readonly sourceArn?: string;
    }
  | { readonly kind: "anonymous" };

export type RoleSession = {
  readonly kind: "role";
  readonly account: string;
  /** The session: `arn:aws:sts::A:assumed-role/R/S`. */
  readonly arn: string;
  /** The role with its path: `arn:aws:iam::A:role/path/R`. */
  readonly roleArn: string;
  readonly roleName: string;
  readonly sessionName: string;
  /** The role's stable id followed by the session's name, as `aws:userid` has it. */
  readonly userId: string;
  readonly sessionPolicies: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
  /** Sessions a service of the account made for itself (a Lambda's, a pipeline's) say which. */
  readonly invokedBy?: string;
};

export const accountRoot = (account: string): Principal => ({
  kind: "account",
  account,
  arn: `arn:aws:iam::${account}:root`,
});

export const servicePrincipal = (
  service: string,
  source: { readonly sourceAccount?: string; readonly sourceArn?: string } = {},
): Principal => ({ kind: "service", service, ...source });

/** How an error message names a caller. */
export const principalName = (principal: Principal): string =>
  principal.kind === "service"
    ? principal.service
    : principal.kind === "anonymous"
      ? "anonymous"
      : principal.arn;
