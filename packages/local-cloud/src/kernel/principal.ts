/**
 * Defines the caller of a call: an account's administrator, a user, a role session, an AWS service, or an
 * anonymous principal.
 */

export type Principal =
  | { readonly kind: "account"; readonly account: string; readonly arn: string }
  | { readonly kind: "user"; readonly account: string; readonly arn: string; readonly userName: string }
  | RoleSession
  | {
      readonly kind: "service";
      /** e.g. `events.amazonaws.com` */
      readonly service: string;
      /** The resource on whose behalf the service acts: `aws:SourceAccount` and `aws:SourceArn`. */
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
  /** The role's stable id followed by the session's name, as in `aws:userid`. */
  readonly userId: string;
  readonly sessionPolicies: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
  /** Set once, and inherited by the sessions that this session opens. */
  readonly sourceIdentity?: string;
  /** The service that made the session for itself (a Lambda's, a pipeline's). */
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

/** Returns the name of a caller in error messages. */
export const principalName = (principal: Principal): string =>
  principal.kind === "service"
    ? principal.service
    : principal.kind === "anonymous"
      ? "anonymous"
      : principal.arn;
